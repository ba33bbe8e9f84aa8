"""A generated clickstream as two stores of the same rows, and its copy in DuckDB.

`clicks` lies as ecq clusters it, in two row groups; `stream` keeps the order of time, in one. No two rows
are equal, so that a total order gives each its place.
"""

import subprocess

ROWS = 200_000
COLUMNS = {
    "event_time": "TIMESTAMP", "event_type": "VARCHAR", "product_id": "BIGINT", "category_id": "BIGINT",
    "category_code": "VARCHAR", "brand": "VARCHAR", "price": "DECIMAL(9,2)", "user_id": "BIGINT",
    "user_session": "UUID",
}


def load(program, folder, seed, connection):
    """Makes the stores in the folder and the tables of the connection; returns the stores' paths."""
    run(program, "generate", folder / "clickstream", "--rows", ROWS, "--seed", seed)
    months = [folder / "clickstream" / f"2019-{month}.csv" for month in ("Oct", "Nov")]
    clicks, stream = (folder / f"{name}.ecq" for name in ("clicks", "stream"))
    for month in months:
        month.write_text("".join(dict.fromkeys(month.open())))
        run(program, "ingest", month, "--into", clicks)
    run(program, "ingest", *months, "--into", stream, "--keep-order")
    fields = ", ".join(f"CAST(replace({name}, ' UTC', '') AS {kind}) AS {name}" for name, kind in COLUMNS.items())
    files = [str(month) for month in months]
    connection.execute(f"CREATE TABLE clicks AS SELECT {fields} FROM read_csv({files}, all_varchar = true)")
    connection.execute("CREATE VIEW stream AS FROM clicks")
    return [clicks, stream]


def run(*command):
    made = subprocess.run([str(word) for word in command], capture_output=True)
    if made.returncode != 0:
        raise RuntimeError(made.stderr.decode())
