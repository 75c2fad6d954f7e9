"""Installing the addon neither takes rights away from anybody nor gives any."""

import json

from addons import OURS
from test_lifecycle import HISTORY

USERS = """
for login, group in (
    ("project_user", "project.group_project_user"),
    ("salesperson", "sales_team.group_sale_salesman"),
    ("accountant", "account.group_account_invoice"),
):
    user = env["res.users"].create({
        "name": login, "login": login, "group_ids": [(4, env.ref(group).id)],
    })
    env["hr.employee"].create({"name": login, "user_id": user.id})
    mine = order.copy({"user_id": user.id})
    mine.action_confirm()
    task = env["project.task"].create({
        "name": login, "project_id": project.id, "user_ids": [(4, user.id)],
    })
    env["account.analytic.line"].create({
        "task_id": task.id,
        "project_id": project.id,
        "employee_id": user.employee_id.id,
        "unit_amount": 1,
    })
"""

# per user and model: operations, records found, fields that can be read
LOOK = """
import json
seen = {{}}
for login in ("project_user", "salesperson", "accountant"):
    user = env["res.users"].search([("login", "=", login)])
    for name in sorted(env.registry):
        model = env[name].with_user(user)
        if model._abstract or model._transient or not model._auto:
            continue
        if name.startswith("mail."):
            continue  # follows the records that the messages are about
        operations = ("read", "write", "create", "unlink")
        allowed = [o for o in operations if model.has_access(o)]
        found = model.search([], order="id").ids if "read" in allowed else []
        seen[f"{{login}} {{name}}"] = {{
            "operations": allowed,
            "records": found,
            "may": [
                model.browse(found)._filtered_access(operation).ids
                for operation in allowed
            ],
            "fields": sorted(
                name
                for name, field in model._fields.items()
                if model._has_field_access(field, "read")
            ),
        }}
seen["fields of our addons"] = [
    name
    for model in env.registry.values()
    for name, field in model._fields.items()
    if {ours} & set(field._modules[:1])
]
seen["models of our addons"] = [
    name for name, model in env.registry.items() if model._original_module in {ours}
]
open({path!r}, "w").write(json.dumps(seen))
"""


def look(database, path):
    database.run(LOOK.format(path=str(path), ours=set(OURS)))
    return json.loads(path.read_text())


def test_others_may_do_what_they_could_before(database, tmp_path):
    database.run(HISTORY + USERS)
    before = look(database, tmp_path / "before")
    assert before["salesperson sale.order"]["records"]
    assert before["project_user sale.order.line"]["operations"] == ["read"]
    database.load("-i")
    after = look(database, tmp_path / "after")
    assert not before.pop("fields of our addons")
    assert not before.pop("models of our addons")
    new_fields = set(after.pop("fields of our addons"))
    new_models = set(after.pop("models of our addons"))
    new = {key for key in after if key not in before}
    assert {key.split()[1] for key in new} <= new_models
    assert not any(after[key]["operations"] for key in new)
    for key, rights in before.items():
        assert after[key]["operations"] == rights["operations"], key
        lost = set(rights["fields"]) - set(after[key]["fields"])
        won = set(after[key]["fields"]) - set(rights["fields"])
        assert not lost, key
        assert won <= new_fields, key
        if not key.split()[1].startswith("ir."):
            assert after[key]["records"] == rights["records"], key
            assert after[key]["may"] == rights["may"], key
