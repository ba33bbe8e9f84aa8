"""CSV as ecq reads and writes it: an unquoted empty field is None, "" is the empty text."""


def parse(text, delimiter=","):
    """Rows of fields. A quoted field may hold anything; the last line may lack its end."""
    rows, row, at = [], [], 0
    text = text.removeprefix("\ufeff")
    while at < len(text):
        if text[at] == '"':
            parts = []
            at += 1
            while True:
                end = text.index('"', at)
                parts.append(text[at:end])
                at = end + 1
                if text[at : at + 1] != '"':
                    break
                parts.append('"')
                at += 1
            row.append("".join(parts))
        else:
            end = at
            while end < len(text) and text[end] not in (delimiter, "\n", "\r"):
                end += 1
            row.append(text[at:end] or None)
            at = end
        if text[at : at + 1] == delimiter:
            at += 1
            if at == len(text) or text[at] in "\r\n":
                row.append(None)
            else:
                continue
        if text[at : at + 2] == "\r\n":
            at += 2
        elif at < len(text) and text[at] in "\r\n":
            at += 1
        rows.append(row)
        row = []
    return rows
