"""Odoo's command line on a day that never ends, so that pictures stay the same."""

import os

from freezegun import freeze_time

if __name__ == "__main__":
    with freeze_time(f"{os.environ['TODAY']} 09:00:00", tick=True):
        from odoo.cli.command import main

        main()
