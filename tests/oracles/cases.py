"""What the oracles ask: each case once as stages of leat, once as SQL for DuckDB over the table `rows`.

Where DuckDB means something else than leat documents, the SQL says what leat means: the macros of MACROS, and what is
written beside a case. README.md has the list. `python3 cases.py` prints the questions as JSON, for the recipe.
"""
import dataclasses
import json

from expressions import CONDITIONS, EXPRESSIONS, MACROS
from make_inputs import TYPES

ALL = ("mixed", "one_key", "distinct_keys", "hot_key", "null_cells", "no_rows")
FEW = ("mixed", "hot_key", "null_cells", "no_rows")


@dataclasses.dataclass
class Case:
    name: str
    inputs: tuple
    stages: list  # (kind, {option: value}), one after the other; folds are FOLDS
    sql: str


FOLDS = ("group", "top", "distinct")
NUMBERS = [name for name, kind in TYPES.items() if kind[0] in "fi" and name != "n"]
REALS = [name for name in NUMBERS if TYPES[name][0] == "f"]


def extreme(function, column):
    """-0 is less than 0, which DuckDB leaves open."""
    if column not in REALS:
        return f"{function}({column})"
    zero, other, sign = ("-0.0", "0.0", "") if function == "min" else ("0.0", "-0.0", "NOT ")
    return (f"CASE WHEN {function}({column}) = 0 THEN CASE WHEN bool_or({column} = 0 AND {sign}signbit({column})) "
            f"THEN '{zero}'::DOUBLE ELSE '{other}'::DOUBLE END ELSE {function}({column}) END")


def key(column):
    """-0 is 0, and written so."""
    return f"{column} + 0" if column in REALS else column


def aggregated(function, column):
    cell = f"{column}::DOUBLE" if column in REALS else column
    return {
        "count": f"count({column})",
        "sum": f"sum({column})" if column in REALS else f"sum({column})::BIGINT",
        "mean": f"avg({column})",
        "min": extreme("min", column),
        "max": extreme("max", column),
        # Of a FLOAT DuckDB gives the first as 0 where it is -0.
        "first": f"first({cell} ORDER BY n) FILTER ({column} IS NOT NULL)",
        "last": f"last({cell} ORDER BY n) FILTER ({column} IS NOT NULL)",
        "distinct": f"count(DISTINCT {key(column)})",
    }[function]


def grouped(name, inputs, by, of):
    """A group-by with every function that each column of `of` has."""
    asked, sql = ["rows = count()"], ['count(*) AS "rows"']
    for column in of:
        for function in ("count", "sum", "mean", "min", "max", "first", "last", "distinct"):
            if column in NUMBERS or function not in ("sum", "mean"):
                asked.append(f"{function}_{column} = {function}({column})")
                sql.append(f"{aggregated(function, column)} AS {function}_{column}")
    keys = [f'{key(column)} AS "{column}"' for column in by]
    places = ", ".join(str(place + 1) for place in range(len(by)))
    tail = f" GROUP BY {places} ORDER BY " + ", ".join(f"{key(c)} NULLS LAST" for c in by) if by else ""
    return Case(name, inputs, [("group", {"by": by, "columns": asked})], f"SELECT {', '.join(keys + sql)} FROM rows{tail}")


def top(name, by, count, least):
    order = ", ".join(f"{key(column)} {'ASC' if least else 'DESC'} NULLS LAST" for column in by)
    return Case(name, ALL, [("top", {"by": by, "count": count, "least": least}), ("select", {"columns": ["n", *by]})],
                f"SELECT n, {', '.join(by)} FROM rows ORDER BY {order}, n LIMIT {count}")


def distinct(name, columns):
    # csv.write may have what the file says of a cell, and write that: a sum is a value. And -0 + 0 is 0.
    among = ", ".join(map(key, columns))
    shown = ", ".join(f'{key(column)} AS "{column}"' for column in columns)
    values = [("compute", {"columns": [f"{column} = {column} + 0" for column in columns if column in REALS]})]
    return Case(name, ALL, [("distinct", {"columns": columns}), *(values if set(columns) & set(REALS) else []),
                            ("select", {"columns": ["n", *columns]})],
                f"SELECT n, {shown} FROM (SELECT *, row_number() OVER (PARTITION BY {among} ORDER BY n) AS place FROM rows) "
                "WHERE place = 1 ORDER BY n")


def computed(name, columns):
    return Case(f"compute_{name}", ("mixed", "null_cells", "no_rows"),
                [("compute", {"columns": [f"`{made}` = {asked}" for made, asked, _ in columns]}),
                 ("select", {"columns": ["n", *(made for made, _, _ in columns)]})],
                "SELECT n, " + ", ".join(f'{sql} AS "{made}"' for made, _, sql in columns) + " FROM rows ORDER BY n")


def kept(name, condition, sql):
    return Case(f"where_{name}", FEW, [("where", {"condition": condition})], f"SELECT * FROM rows WHERE {sql} ORDER BY n")


def reshaped():
    pieces = "unnest(CASE WHEN t IS NULL THEN [NULL] ELSE string_split(t, '-') END)"
    words = r"unnest(CASE WHEN t IS NULL THEN [NULL] ELSE list_filter(regexp_split_to_array(t, '[ \t\n\r\v\f]+'), w -> w <> '') END)"
    yield Case("explode_pieces", FEW, [("explode", {"column": "t", "delimiter": "-"}), ("select", {"columns": ["n", "t"]})],
               f"SELECT n, {pieces} AS t FROM rows ORDER BY n")
    yield Case("explode_words", FEW, [("explode", {"column": "t"}), ("select", {"columns": ["n", "t"]})],
               f"SELECT n, {words} AS t FROM rows ORDER BY n")
    yield Case("fill", FEW, [("fill", {"columns": ["x = j", "t = 'none'", "i = 0", "w = '2024-01-01'"]}),
                             ("select", {"columns": ["n", "x", "t", "i", "w"]})],
               "SELECT n, coalesce(x, j) AS x, coalesce(t, 'none') AS t, coalesce(i, 0) AS i, "
               "coalesce(w, TIMESTAMP '2024-01-01') AS w FROM rows ORDER BY n")
    yield Case("cast", FEW, [("cast", {"types": {"i": "f64", "f": "f64", "g": "text", "b": "i64"}}),
                             ("rename", {"columns": ["i as real", "g as said"]}),
                             ("select", {"columns": ["n", "real", "f", "said", "b"]})],
               "SELECT n, i::DOUBLE AS real, f::DOUBLE AS f, g::VARCHAR AS said, b::BIGINT AS b FROM rows ORDER BY n")
    # The first rows of a stream that keeps its order.
    yield Case("limit", FEW, [("select", {"columns": ["n", "k", "x"]}), ("limit", {"rows": 37})],
               "SELECT n, k, x FROM rows ORDER BY n LIMIT 37")
    yield Case("where_compute_group", FEW,
               [("where", {"condition": "j > 0 and t is not null"}), ("compute", {"columns": ["band = j // 100000000000", "length = length(t)"]}),
                ("group", {"by": ["band", "b"], "columns": ["rows = count()", "longest = max(length)"]})],
               'SELECT floordiv(j, 100000000000) AS band, b, count(*) AS "rows", max(length(t)) AS longest FROM rows '
               "WHERE j > 0 AND t IS NOT NULL GROUP BY 1, 2 ORDER BY 1, b NULLS LAST")


def cases():
    made = [grouped("group_all", ALL, [], ["x", "f", "h", "i", "j", "b", "t", "w", "k"]),
            grouped("group_text", ALL, ["k"], ["x", "i", "t"]),
            grouped("group_whole", ALL, ["g"], ["j", "w", "b"]),
            grouped("group_real", ("mixed", "hot_key", "null_cells"), ["x"], ["h", "t"]),
            grouped("group_f32", ("mixed", "hot_key"), ["f"], ["i"]),
            grouped("group_f16", ("mixed", "hot_key"), ["h"], ["f"]),
            grouped("group_i32", ("mixed", "hot_key"), ["i"], ["x"]),
            grouped("group_bool", FEW, ["b"], ["x", "f", "h", "i", "j", "t", "w"]),
            grouped("group_time", ("mixed", "one_key"), ["w"], ["j"]),
            grouped("group_two", ALL, ["k", "b"], ["x", "j"]),
            grouped("group_three", FEW, ["b", "g", "t"], ["i"]),
            top("top_real", ["x"], 20, False), top("least_real", ["x"], 20, True), top("top_text", ["t"], 15, False),
            top("least_whole_text", ["g", "k"], 25, True), top("top_time", ["w"], 10, False), top("top_bool", ["b", "h"], 30, False),
            distinct("distinct_text", ["k"]), distinct("distinct_real", ["x"]), distinct("distinct_two", ["b", "t"]),
            distinct("distinct_whole", ["g", "i"]), *reshaped()]
    made += [computed(name, columns) for name, columns in EXPRESSIONS.items()]
    made += [kept(name, *both) for name, both in CONDITIONS.items()]
    return made


if __name__ == "__main__":
    print(json.dumps({"types": TYPES, "macros": MACROS, "questions": [
        {"input": source, "name": case.name, "sql": case.sql} for case in cases() for source in case.inputs]}))
