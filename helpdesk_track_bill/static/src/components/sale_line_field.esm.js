import {Many2One} from "@web/views/fields/many2one/many2one";
import {
    Many2OneField,
    buildM2OFieldDescription,
} from "@web/views/fields/many2one/many2one_field";
import {Many2XAutocomplete} from "@web/views/fields/relational_utils";
import {_t} from "@web/core/l10n/translation";
import {SoLineField} from "@sale_timesheet/components/so_line_field/so_line_field";
import {registry} from "@web/core/registry";

/**
 * The drop-down of sales order items on tickets: agents may pick an item, but not read
 * order lines, so there is no list of them behind "Search more…".
 */
class SaleLineAutocomplete extends Many2XAutocomplete {
    static defaultProps = {...Many2XAutocomplete.defaultProps, searchLimit: 80};

    addSearchMoreSuggestion() {
        return false;
    }

    buildNoRecordsSuggestion() {
        const suggestion = super.buildNoRecordsSuggestion();
        if (!this.props.context.ticket_commercial_partner_id) {
            return {...suggestion, label: _t("Choose the customer first")};
        }
        return suggestion;
    }
}

class SaleLineMany2One extends Many2One {
    static components = {
        ...Many2One.components,
        Many2XAutocomplete: SaleLineAutocomplete,
    };
}

class TicketSaleLineField extends Many2OneField {
    static components = {...Many2OneField.components, Many2One: SaleLineMany2One};
}

class TicketSoLineField extends SoLineField {
    static components = {...SoLineField.components, Many2One: SaleLineMany2One};
}

registry
    .category("fields")
    .add("ticket_sale_line", buildM2OFieldDescription(TicketSaleLineField))
    .add("ticket_so_line", buildM2OFieldDescription(TicketSoLineField));
