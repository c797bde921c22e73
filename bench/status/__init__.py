"""How well the rule of status follows made-up histories, beside the old vote of reports."""
