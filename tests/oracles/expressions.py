"""Expressions of leat beside the SQL that means the same: (name of the column, leat, DuckDB).

A null condition, arithmetic on null and the three-valued and, or, not are the same in both. The macros are what is not.
"""

MACROS = [
    # NaN is less, equal, greater than nothing, not even itself; in DuckDB it is the greatest number, and equal to itself.
    *(f"CREATE MACRO {name}(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN isnan(a) OR isnan(b) THEN {of_nan} "
      f"ELSE a {sign} b END" for name, sign, of_nan in (("lt", "<", "false"), ("le", "<=", "false"), ("eq", "=", "false"),
                                                        ("ne", "<>", "true"))),
    # Rounded down, and with the sign of the divisor; DuckDB rounds towards zero.
    "CREATE MACRO floordiv(a, b) AS (a // b) - CASE WHEN a % b <> 0 AND (a % b < 0) <> (b < 0) THEN 1 ELSE 0 END",
    "CREATE MACRO floormod(a, b) AS (a % b) + CASE WHEN a % b <> 0 AND (a % b < 0) <> (b < 0) THEN b ELSE 0 END",
    # Null where one is, NaN where one is.
    "CREATE MACRO least_of(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN isnan(a) OR isnan(b) "
    "THEN 'nan'::DOUBLE ELSE least(a, b) END",
    "CREATE MACRO greatest_of(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN NULL WHEN isnan(a) OR isnan(b) "
    "THEN 'nan'::DOUBLE ELSE greatest(a, b) END",
    # IEEE 754: DuckDB's / of a double by 0 is null.
    "CREATE MACRO over(a, b) AS CASE WHEN b <> 0 THEN a / b WHEN a IS NULL OR b IS NULL THEN NULL WHEN isnan(a) OR a = 0 "
    "THEN 'nan'::DOUBLE WHEN (a < 0) <> signbit(b::DOUBLE) THEN '-inf'::DOUBLE ELSE 'inf'::DOUBLE END",
    # Letters of ASCII only; spaces, tabs and line ends.
    "CREATE MACRO small(t) AS translate(t, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')",
    "CREATE MACRO capital(t) AS translate(t, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')",
    "CREATE MACRO trimmed(t) AS trim(t, chr(32) || chr(9) || chr(10) || chr(13))",
]

START = "TIMESTAMP '2024-01-01'"

EXPRESSIONS = {
    "reals": [
        ("sum", "x + f", "x + f"), ("difference", "x - h", "x - h"), ("product", "x * 3", "x * 3"),
        ("quotient", "x / f", "over(x, f)"), ("by_whole", "x / i", "over(x, i)"), ("of_wholes", "i / 8", "i / 8"),
        ("negative", "-x", "-x"), ("abs", "abs(x)", "abs(x)"), ("floor", "floor(x)", "floor(x)"),
        ("ceil", "ceil(x)", "ceil(x)"), ("round", "round(x)", "round(x)"), ("least", "min(x, f)", "least_of(x, f::DOUBLE)"),
        ("greatest", "max(x, 1.5)", "greatest_of(x, 1.5)"), ("root", "if(x >= 0, sqrt(x), null)", "CASE WHEN x >= 0 THEN "
         "CASE WHEN isnan(x) THEN NULL ELSE sqrt(x) END END"),
        ("nested", "(x + 1) * (f - 2) / 4", "(x + 1) * (f - 2) / 4"),
        ("down", "if(abs(x) < 1000 and x != 0, x // 3.5, null)",
         "CASE WHEN abs(x) < 1000 AND x <> 0 AND NOT isnan(x) THEN floor(x / 3.5) END"),
    ],
    "wholes": [
        ("sum", "i + j", "i + j"), ("difference", "i - g", "i - g"), ("product", "i * 7", "i::BIGINT * 7"),
        ("negative", "-j", "-j"), ("abs", "abs(i)", "abs(i::BIGINT)"), ("down", "j // 7000", "floordiv(j, 7000)"),
        ("down_negative", "i // -7", "floordiv(i, -7)"), ("left", "j % 1000", "floormod(j, 1000)"),
        ("left_negative", "i % -7", "floormod(i, -7)"),
        ("guarded", "if(i == 0, null, j // i)", "CASE WHEN i = 0 THEN NULL ELSE floordiv(j, i) END"),
        ("least", "min(i, g)", "CASE WHEN i IS NULL OR g IS NULL THEN NULL ELSE least(i, g)::BIGINT END"),
        ("greatest", "max(i, 3, g)", "CASE WHEN i IS NULL OR g IS NULL THEN NULL ELSE greatest(i, 3, g)::BIGINT END"),
        ("floor", "floor(i)", "i::BIGINT"), ("mixed", "i + 0.25", "i + 0.25::DOUBLE"),
    ],
    "truths": [
        ("less", "x < f", "lt(x, f::DOUBLE)"), ("at_most", "x <= 0", "le(x, 0.0::DOUBLE)"), ("equal", "x == h", "eq(x, h)"),
        ("unequal", "x != 0", "ne(x, 0.0::DOUBLE)"), ("itself", "x == x", "eq(x, x)"), ("whole", "i >= g", "i >= g"),
        ("across", "i > x", "lt(x, i::DOUBLE)"), ("texts", "t < 'b'", "t < 'b'"), ("same_text", "t == k", "t = k"),
        ("times", "w >= '2024-02-01'", "w >= TIMESTAMP '2024-02-01'"), ("both", "b and i > 0", "b AND i > 0"),
        ("either", "b or i > 0", "b OR i > 0"), ("not", "not b", "NOT b"), ("among", "i in (1, 2, 3, -5)", "i IN (1, 2, 3, -5)"),
        ("not_among", "t not in ('a', '', 'x,y')", "t NOT IN ('a', '', 'x,y')"), ("none", "x is null", "x IS NULL"),
        ("some", "t is not null", "t IS NOT NULL"), ("bools", "b < true", "b < true"),
    ],
    "choices": [
        ("if_real", "if(b, x, f)", "CASE WHEN b THEN x ELSE f END"), ("if_text", "if(i > 0, t, 'less')",
         "CASE WHEN i > 0 THEN t ELSE 'less' END"), ("if_time", "if(b, w, null)", "CASE WHEN b THEN w END"),
        ("first_text", "coalesce(t, k, 'none')", "coalesce(t, k, 'none')"), ("first_real", "coalesce(x, i, 0)", "coalesce(x, i, 0)"),
        ("first_bool", "coalesce(b, i > 0, false)", "coalesce(b, i > 0, false)"),
    ],
    "texts": [
        ("length", "length(t)", "length(t)"), ("lower", "lower(t)", "small(t)"), ("upper", "upper(t)", "capital(t)"),
        ("trim", "trim(t)", "trimmed(t)"), ("contains", "contains(t, 'a')", "contains(t, 'a')"),
        ("contains_column", "contains(k, t)", "contains(k, t)"), ("starts", "starts_with(t, 'a')", "starts_with(t, 'a')"),
        ("ends", "ends_with(t, 'b')", "ends_with(t, 'b')"), ("part", "substring(t, 2, 3)", "substring(t, 2, 3)"),
        ("rest", "substring(t, 3)", "substring(t, 3)"), ("replaced", "replace(t, '-', '++')", "replace(t, '-', '++')"),
        ("joined", "concat(t, '/', k)", "t || '/' || k"), ("plus", "t + k", "t || k"), ("of_whole", "text(j)", "j::VARCHAR"),
        ("of_bool", "text(b)", "b::VARCHAR"),
    ],
    "times": [
        ("year", "year(w)", "year(w)"), ("month", "month(w)", "month(w)"), ("day", "day(w)", "day(w)"),
        ("hour", "hour(w)", "hour(w)"), ("minute", "minute(w)", "minute(w)"), ("second", "second(w)", "second(w)"),
        ("weekday", "weekday(w)", "isodow(w)"),
        *((f"floor_{unit}", f"floor_time(w, '{unit}')", f"date_trunc('{unit}', w)::TIMESTAMP")
          for unit in ("second", "minute", "hour", "day", "week", "month", "year")),
        ("later", "w + 90.5", "w + INTERVAL 90500 MILLISECONDS"), ("earlier", "w - i", "w - to_seconds(i)"),
        ("since", f"w - time('2024-01-01')", f"epoch_ms(w - {START}) / 1000"),
        ("seconds", "int(w)", "floor(epoch_ms(w) / 1000)::BIGINT"),
    ],
    "casts": [
        ("whole", "if(abs(x) < 5000, int(x), 0)", "CASE WHEN abs(x) < 5000 AND NOT isnan(x) THEN trunc(x)::BIGINT ELSE 0 END"),
        ("real", "float(j)", "j::DOUBLE"), ("of_text", "int(text(j))", "j"), ("bool", "bool(i)", "i <> 0"),
        ("of_bool", "int(b)", "b::BIGINT"), ("time", "time(j // 1000)", "make_timestamp(floordiv(j, 1000) * 1000000)"),
        ("narrow", "f + 0", "f::DOUBLE + 0"),
    ],
    # These come from the C library: compared to a few units in the last place.
    "nearly": [
        ("exp", "exp(f / 100)", "exp(f::DOUBLE / 100)"), ("log", "if(i > 0, log(i), null)", "CASE WHEN i > 0 THEN ln(i) END"),
        ("sin", "if(abs(x) < 5000, sin(x), null)", "CASE WHEN abs(x) < 5000 AND NOT isnan(x) THEN sin(x) END"),
        ("cos", "if(abs(x) < 5000, cos(x), null)", "CASE WHEN abs(x) < 5000 AND NOT isnan(x) THEN cos(x) END"),
        ("pow", "pow(abs(i) + 1, 0.5)", "pow(abs(i) + 1, 0.5)"), ("digits", "round(i / 7, 2)", "round(i / 7, 2)"),
    ],
}

CONDITIONS = {
    "three_terms": ("x > 0 and i < 100 and t != 'a'", "lt(0.0::DOUBLE, x) AND i < 100 AND t <> 'a'"),
    "real_or_null": ("x is null or x < -10.5", "x IS NULL OR lt(x, -10.5::DOUBLE)"),
    "text": ("t in ('', 'NA', 'x,y') or starts_with(k, 'a')", "t IN ('', 'NA', 'x,y') OR starts_with(k, 'a')"),
    "time": ("w >= '2024-01-01' and hour(w) < 6", "w >= TIMESTAMP '2024-01-01' AND hour(w) < 6"),
    "bool": ("not b", "NOT b"),
    "all": ("n >= 0", "true"),
    "none": ("n < 0", "false"),
}
