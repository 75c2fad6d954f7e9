"""Chromium for the browser tests."""

import shutil

from common import apt_install

# the names under which Odoo's own tests look for it
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def ensure_chromium():
    if not any(shutil.which(name) for name in NAMES):
        apt_install("chromium", "The browser tests need Chromium")
