"""What the fuzzer calls, by result type.

Types are letters: B boolean, I INTEGER, L BIGINT, N DECIMAL, X DOUBLE, D DATE, T TIMESTAMP, S VARCHAR,
U UUID, V INTERVAL, C TIME; Y is a list of VARCHAR, Z a list of BIGINT. m is any number, a any of the
types that stores have, = the type of the result. In a template {m} is a hole for a value of that type
and <name> one of the texts of ``POOLS``.
"""

POOLS = {
    "n": ["0", "1", "2", "3", "-1", "5", "10", "-2", "NULL"],
    "pos": ["1", "2", "3", "5"],
    "part": ["'year'", "'month'", "'day'", "'hour'", "'minute'", "'second'", "'quarter'", "'week'", "'dow'",
             "'isodow'", "'doy'", "'epoch'", "'decade'", "'century'", "'millennium'", "'isoyear'",
             "'microseconds'", "'milliseconds'", "'era'", "'yearweek'"],
    "trunc": ["'year'", "'month'", "'day'", "'hour'", "'minute'", "'second'", "'quarter'", "'week'",
              "'decade'", "'century'", "'millennium'", "'isoyear'", "'microseconds'", "'milliseconds'"],
    "datepart": ["year", "month", "day", "quarter", "week", "dow", "isodow", "doy", "decade", "century"],
    "format": ["'%Y-%m-%d'", "'%d/%m/%y %H:%M'", "'%A %B'", "'%a %b %e'", "'%j'", "'%H:%M:%S.%f'", "'%I %p'",
               "'%%'", "'%U %W'", "'%-d.%-m.'", "'%c'", "'%x %X'", "'%g'", "'%G-%V'", "'%u %w'"],
    "like": ["'a%'", "'%a%'", "'_b_'", "'%'", "''", "'%an%an%'", "'A%'", "'x\\_%'", "'%é%'", "'__'"],
    "regex": ["'a'", "'^a'", "'[a-c]+'", "'(a)(b)?'", "'\\d+'", "'.'", "''", "'a|b'", "'\\w+\\s*'", "'(?i)hello'",
              "'[^a]'", "'b$'", "'(an)+'"],
    "unit": ["year", "month", "day", "hour", "minute", "second", "week", "millisecond", "microsecond"],
    "options": ["'i'", "'c'", "'s'"],
    "sep": ["','", "'a'", "''", "' '", "'an'"],
    "castable": ["'12'", "'-3.75'", "' 42 '", "'1e3'", "'true'", "'f'", "'2019-10-01'", "'2019-10-01 12:00:00'",
                 "'abc'", "''", "'0x10'", "'1_000'", "'nan'", "'inf'", "'12:30:00'", "'2020-02-30'", "'1.'",
                 "'.5'", "'9223372036854775808'", "'99999999999999999999999'", "'2019-10-01T12:00:00Z'",
                 "'2019-10-01 12:00:00+02'", "'3 days'", "'1 month 2 days'", "'2019-1-1'", "'epoch'",
                 "'7b391e3d-0962-4b94-aff2-8db52dd159a7'", "'t'", "'yes'", "'1.5e'", "'+5'", "'--5'"],
    "type": ["BOOLEAN", "INTEGER", "BIGINT", "DECIMAL(9,2)", "DECIMAL(18,3)", "DECIMAL(38,10)", "DECIMAL(4,1)",
             "HUGEINT", "DOUBLE", "DATE", "TIMESTAMP", "VARCHAR", "UUID", "TIME", "INTERVAL"],
}

FUNCTIONS = {
    "B": """
        {m} = {m} | {m} <> {m} | {m} < {m} | {m} <= {m} | {m} > {m} | {m} >= {m} | {S} = {S} | {S} < {S}
        {T} >= {T} | {D} < {T} | {D} = {D} | {U} = {U} | {U} < {U} | {B} = {B} | {V} < {V} | {V} = {V} | {C} < {C}
        {B} AND {B} | {B} OR {B} | NOT {B} | {a} IS NULL | {a} IS NOT NULL | {B} IS TRUE | {B} IS NOT FALSE
        {m} IS DISTINCT FROM {m} | {S} IS NOT DISTINCT FROM {S} | {T} IS DISTINCT FROM {T} | {m} BETWEEN {m} AND {m}
        {S} BETWEEN {S} AND {S} | {T} NOT BETWEEN {T} AND {T} | {D} BETWEEN {D} AND {D}
        {L} IN ({L}, {L}, {L}) | {m} IN ({m}, {m}) | {S} IN ({S}, {S}) | {S} NOT IN ({S}, 'a', NULL)
        {S} LIKE <like> | {S} NOT LIKE <like> | {S} ILIKE <like> | {S} LIKE {S} | {S} LIKE 'x!_%' ESCAPE '!'
        {S} GLOB 'a*' | {S} SIMILAR TO <regex> | regexp_matches({S}, <regex>) | {S} ~ <regex>
        regexp_full_match({S}, <regex>) | regexp_matches({S}, <regex>, <options>)
        starts_with({S}, {S}) | ends_with({S}, {S}) | contains({S}, {S}) | prefix({S}, {S}) | suffix({S}, {S})
        {S} ^@ {S} | isnan({X}) | isinf({X}) | isfinite({X}) | isfinite({D}) | isinf({T})
        CAST({L} AS BOOLEAN) | CAST({X} AS BOOLEAN) | TRY_CAST({S} AS BOOLEAN) | CAST({N} AS BOOLEAN)
        greatest({B}, {B}) | if({B}, {B}, {B}) | coalesce({B}, {B}) | nullif({B}, {B}) | xor({L}, {L}) = 3
        CASE WHEN {B} THEN {B} ELSE {B} END | {L} = {S} | {D} = '2019-10-01' | {T} > '2019-10-01'
        signbit({X}) | {S} IN (<castable>, <castable>) | {L} IN (SELECT 1 UNION ALL SELECT 7)
        ({L}, {S}) = ({L}, {S}) | ({L}, {D}) < ({L}, {D}) | ({L}, {S}) IN (({L}, {S}), ({L}, {S}))
        list_contains({Z}, {L}) | list_has_any({Z}, {Z}) | list_has_all({Y}, {Y}) | array_has({Y}, {S})
        {Z} = {Z} | {Y} < {Y} | {Z} && {Z} | {Z} @> {Z} | {Z} <@ {Z} | {S} !~~ <like> | {S} ~~* <like>
        bool_and({B}) OVER () | {B} IS UNKNOWN | {L} = ANY([1, 2, {L}])
    """,
    "I": """
        CAST({L} AS INTEGER) | TRY_CAST({L} AS INTEGER) | CAST({N} AS INTEGER) | TRY_CAST({X} AS INTEGER)
        TRY_CAST({S} AS INTEGER) | CAST({B} AS INTEGER) | {I} + {I} | {I} - {I} | {I} * {I} | {I} // {I} | {I} % {I}
        -{I} | abs({I}) | ascii({S}) | unicode({S}) | ord({S}) | CAST(sign({m}) AS INTEGER) | coalesce({I}, {I}) | {I} & {I} | {I} | {I}
        CASE WHEN {B} THEN {I} END | greatest({I}, {I}) | least({I}, {I}) | round({I}, <n>) | xor({I}, {I}) | ~({I})
        {I} << <pos> | {I} >> <pos> | bit_count({I})
    """,
    "L": """
        {L} + {L} | {L} - {L} | {L} * {L} | {L} // {L} | {L} % {L} | {L} + {I} | {I} * {L} | -{L} | +{L} | abs({L})
        length({S}) | strlen({S}) | bit_length({S}) | position({S} IN {S}) | strpos({S}, {S}) | instr({S}, {S})
        CAST({X} AS BIGINT) | TRY_CAST({N} AS BIGINT) | TRY_CAST({S} AS BIGINT) | CAST({B} AS BIGINT)
        extract(<datepart> FROM {D}) | extract(<datepart> FROM {T}) | date_part(<part>, {T}) | date_part(<part>, {D})
        year({T}) | month({D}) | day({T}) | hour({T}) | minute({T}) | dayofweek({D}) | isodow({T}) | dayofyear({D})
        week({T}) | quarter({D}) | yearweek({D}) | isoyear({T}) | decade({D}) | century({T}) | millennium({D})
        second({T}) | millisecond({T}) | microsecond({T}) | era({D}) | weekday({T}) | weekofyear({D}) | dayofmonth({T})
        date_diff(<trunc>, {T}, {T}) | date_diff(<trunc>, {D}, {D}) | date_sub(<trunc>, {T}, {T}) | {D} - {D}
        date_sub(<trunc>, {D}, {D}) | datediff(<trunc>, {D}, {T}) | epoch_ms({T}) | epoch_us({T}) | epoch_ns({T})
        coalesce({L}, {L}) | nullif({L}, {L}) | greatest({L}, {L}, {L}) | least({L}, {L}) | if({B}, {L}, {L})
        CASE WHEN {B} THEN {L} ELSE {L} END | CASE {L} WHEN 1 THEN {L} WHEN 2 THEN {L} END | ifnull({L}, {L})
        {L} & {L} | {L} | {L} | xor({L}, {L}) | {L} << <pos> | {L} >> <pos> | ~({L}) | gcd({L}, {L}) | lcm({L}, {L})
        round({L}, <n>) | trunc({L}) | bit_count({L}) | levenshtein({S}, {S}) | hamming('abc', 'abd')
        date_part('hour', {V}) | extract(day FROM {V}) | datepart('minute', {C}) | extract(month FROM {V})
        list_position({Y}, {S}) | len({Y}) | length({Z}) | {Z}[<n>] | list_extract({Z}, <n>) | array_length({Y})
        list_sum({Z}) | list_min({Z}) | list_max({Z}) | list_count({Z}) | CAST(list_unique({Z}) AS BIGINT)
        editdist3({S}, {S}) | damerau_levenshtein({S}, {S}) | length_grapheme({S}) | epoch_ms({D})
        bit_count({L}) | days_in_month({D}) | len(string_split({S}, <sep>)) | factorial(<pos>) | {I} + 3000000000
    """,
    "N": """
        {N} + {N} | {N} - {N} | {N} * 2 | {N} + {L} | {N} * {I} | -{N} | abs({N}) | {N} % {N} | {N} * 1.5 | {N} + 0.25
        round({N}) | round({N}, <n>) | floor({N}) | ceil({N}) | trunc({N}) | trunc({N}, <n>) | CAST({L} AS DECIMAL(18,2))
        CAST({N} AS DECIMAL(12,1)) | TRY_CAST({S} AS DECIMAL(9,2)) | TRY_CAST({X} AS DECIMAL(18,3)) | {N} - {I}
        CAST({N} AS DECIMAL(38,6)) | coalesce({N}, {N}) | greatest({N}, {N}) | least({N}, {L}) | nullif({N}, {N})
        CASE WHEN {B} THEN {N} ELSE {I} END | TRY_CAST({L} AS DECIMAL(4,1)) | CAST({B} AS DECIMAL(3,1))
        CAST({L} AS HUGEINT) | CAST({L} AS HUGEINT) * {L} | TRY_CAST({S} AS HUGEINT) | CAST({N} AS HUGEINT)
        mod({N}, {N}) | {N} % 3 | {N} // {N} | {L} % {N} | add({N}, {N}) | subtract({N}, {N}) | multiply({N}, 2)
    """,
    "X": """
        {X} + {X} | {X} - {X} | {X} * {X} | {X} / {X} | {L} / {L} | {N} / {N} | {N} / {L} | {X} + {L} | {X} * {N} | -{X}
        {X} % {X} | {X} ** 2 | {L} ** 2 | {X} ^ {I} | pow({X}, 2) | abs({X}) | sqrt(abs({X})) | exp({X} / 1e6) | ln(abs({X}) + 1)
        log(abs({X}) + 1) | log2(abs({X}) + 1) | log10(abs({X}) + 1) | log(3, abs({X}) + 1) | cbrt({X}) | sin({X}) | cos({X})
        tan({X}) | asin(0.5) | acos({X} / 1e308) | atan({X}) | atan2({X}, {X}) | sinh({X} / 1e6) | cosh(0.3) | tanh({X}) | cot({X})
        degrees({X}) | radians({X}) | pi() | round({X}) | round({X}, <n>) | floor({X}) | ceil({X}) | trunc({X}) | even({X})
        sqrt({N}) | ln({L}) | exp({I}) | gamma(3.5) | lgamma(2.5) | asinh({X}) | acosh(2.0) | atanh(0.3) | sign({X}) * 1e0
        CAST({L} AS DOUBLE) | CAST({N} AS DOUBLE) | TRY_CAST({S} AS DOUBLE) | CAST({B} AS DOUBLE) | nextafter({X}, {X})
        coalesce({X}, {X}) | coalesce({X}, {N}) | greatest({X}, {X}) | least({X}, {X}, {L}) | nullif({X}, {X}) | if({B}, {X}, {L})
        epoch({T}) | epoch({D}) | CASE WHEN {B} THEN {X} ELSE {L} END | julian({D}) | julian({T}) | date_part('epoch', {T})
        ceiling({L}) | floor({L}) | fdiv({L}, {L}) | jaccard({S}, {S}) | jaro_similarity({S}, {S}) | epoch({V}) | {X} // {X}
        jaro_winkler_similarity({S}, {S}) | list_avg({Z}) | divide({X}, {X}) |  trunc({X}, <n>)
    """,
    "D": """
        CAST({T} AS DATE) | {D} + 1 | {D} - {I} | {D} + {I} | TRY_CAST({S} AS DATE) | date_trunc(<trunc>, {D})::DATE
        last_day({D}) | last_day({T}) | make_date(2019, {I}, <pos>) | make_date({L}, 1, 1) | coalesce({D}, {D}) | greatest({D}, {D})
        CASE WHEN {B} THEN {D} END | nullif({D}, {D}) | least({D}, {D}, {D}) | if({B}, {D}, {D}) | DATE '2020-02-29'
        make_date(<pos>, <pos>, <pos>) | date({T}) | TRY_CAST(<castable> AS DATE)
    """,
    "T": """
        CAST({D} AS TIMESTAMP) | {T} + {V} | {T} - {V} | {D} + {V} | {V} + {T} | date_trunc(<trunc>, {T}) | {D} + {C}
        time_bucket(INTERVAL 1 <unit>, {T}) | make_timestamp({L}) | make_timestamp(2019, <pos>, <pos>, 1, 2, 3.5)
        to_timestamp({L})::TIMESTAMP | epoch_ms({L}) | TRY_CAST({S} AS TIMESTAMP) | coalesce({T}, {D}) | greatest({T}, {T})
        strptime('2019-10-05 11:12', '%Y-%m-%d %H:%M') | CASE WHEN {B} THEN {T} ELSE {D} END | least({T}, {D}) | nullif({T}, {T})
        try_strptime({S}, '%Y-%m-%d') | date_add({D}, {V}) | date_add({T}, {V}) | TRY_CAST(<castable> AS TIMESTAMP)
        strptime('05.10.19 1:02:03', ['%Y-%m-%d', '%d.%m.%y %H:%M:%S']) | time_bucket(INTERVAL <pos> days, {T})
        time_bucket(INTERVAL 2 months, {T}, TIMESTAMP '2019-01-15') | time_bucket(INTERVAL 1 week, {D})::TIMESTAMP
    """,
    "S": """
        lower({S}) | upper({S}) | {S} || {S} | {S} || {L} | concat({S}, {L}, {D}) | concat_ws('-', {S}, {S}, {L}) | trim({S})
        ltrim({S}) | rtrim({S}) | trim({S}, 'a ') | trim(BOTH 'ab' FROM {S}) | trim(LEADING FROM {S}) | substr({S}, <n>)
        substr({S}, <n>, <n>) | substring({S}, <n>, <n>) | substring({S} FROM 2 FOR 3) | left({S}, <n>) | right({S}, <n>)
        lpad({S}, <pos>, 'xy') | rpad({S}, <n>, '*') | repeat({S}, <n>) | replace({S}, {S}, {S}) | reverse({S})
        split_part({S}, <sep>, <n>) | translate({S}, 'abc', 'xy') | chr({I} % 200 + 32) | regexp_replace({S}, <regex>, 'X')
        regexp_replace({S}, <regex>, '[\\0]', 'g') | regexp_extract({S}, <regex>) | regexp_extract({S}, '(a)(b)?', <pos>)
        strftime({T}, <format>) | strftime({D}, <format>) | dayname({T}) | monthname({D}) | CAST({a} AS VARCHAR) | {a}::VARCHAR
        coalesce({S}, {S}) | nullif({S}, {S}) | greatest({S}, {S}) | least({S}, {S}) | if({B}, {S}, {S}) | ifnull({S}, 'z')
        CASE WHEN {B} THEN {S} ELSE {S} END | CASE {S} WHEN 'a' THEN 'A' ELSE {S} END | typeof({a}) | md5({S}) | sha256({S})
        {S}[<n>] | {S}[<n>:<n>] | array_to_string({Y}, ',') | list_aggregate({Y}, 'string_agg', '-') | {Y}[<n>] | {Y}[1]
        format('{} and {}', {S}, {L}) | printf('%d %s', {L}, {S}) | hex({S}) | hex({L}) | bin({L}) | to_base({L}, 2) | upper(hex({S}))
        url_encode({S}) | strip_accents({S}) | nfc_normalize({S}) | format_bytes({L}) | bar({L}, 0, 50, 10)
        left_grapheme({S}, <n>) | right_grapheme({S}, <n>) | substring_grapheme({S}, <n>, <n>) | parse_filename('/a/b.csv')
        overlay({S} PLACING 'zz' FROM 2 FOR 1) | regexp_escape({S}) | list_extract({Y}, <n>) | CAST({V} AS VARCHAR) | {C}::VARCHAR
        sha1({S}) | url_decode({S}) | regexp_extract({S}, <regex>, 0) | {Z}::VARCHAR | {Y}::VARCHAR | list_first({Y}) | list_last({Y})
        format('{:,} {:.2f} {:>5}', {L}, {X}, {S}) | printf('%5.1f|%-4s|%04d', least(abs({X}), 1e6), {S}, {L}) | lcase({S}) | to_binary({L})
    """,
    "U": """
        CAST(CAST({U} AS VARCHAR) AS UUID) | coalesce({U}, {U}) | greatest({U}, {U}) | TRY_CAST({S} AS UUID) | nullif({U}, {U})
    """,
    "V": """
        INTERVAL 1 DAY | INTERVAL '1 month 2 days' | to_days({I}) | to_months({I}) | to_hours({L}) | to_minutes({L}) | to_seconds({L})
        {T} - {T} | {V} + {V} | {V} - {V} | -{V} | {V} * 2 | age({T}, {T}) | INTERVAL (<pos>) <unit> | to_years({I}) | to_weeks({I})
        coalesce({V}, {V}) | to_milliseconds({L}) | to_microseconds({L}) | INTERVAL '<pos>' HOUR | to_quarters({I}) | greatest({V}, {V})
         to_decades({I}) | INTERVAL '3 days 4 hours' | TRY_CAST(<castable> AS INTERVAL) | to_seconds({X}) | to_centuries({I})
    """,
    "C": """
        CAST({T} AS TIME) | make_time(1, 2, <pos>) | TIME '12:34:56' | {C} + INTERVAL 1 HOUR | {C} - INTERVAL 30 MINUTE
        TRY_CAST({S} AS TIME) | coalesce({C}, {C}) | {T}::TIME
    """,
    "Y": """
        string_split({S}, <sep>) | str_split({S}, <sep>) | regexp_split_to_array({S}, <regex>) | [{S}, {S}] | list_value({S}, {S})
        regexp_extract_all({S}, <regex>) | list_sort({Y}) | list_reverse({Y}) | list_sort(list_distinct({Y})) | list_concat({Y}, {Y})
        list_append({Y}, {S}) | list_prepend({S}, {Y}) | {Y}[<n>:<n>] | list_slice({Y}, <n>, <n>) | string_to_array({S}, <sep>)
        list_reverse_sort({Y}) | list_sort(list_intersect({Y}, {Y})) | {Y} || {Y} | []::VARCHAR[]
    """,
    "Z": """
        [{L}, {L}, {L}] | range({L} % 10) | generate_series({L} % 5, {L} % 7) | list_sort({Z}) | list_reverse({Z}) | list_sort(list_distinct({Z}))
        [1, NULL, {L}] | list_concat({Z}, {Z}) | list_append({Z}, {L}) | {Z}[<n>:] | list_sort({Z}, 'DESC') | list_resize({Z}, 2)
        range(1, {L} % 10, 2) | CAST([]  AS BIGINT[])
    """,
}

LITERALS = {
    "B": ["true", "false", "NULL::BOOLEAN", "NULL"],
    "I": ["0", "1", "-1", "2", "7", "100", "2147483647", "NULL::INTEGER"],
    "L": ["0", "1", "-1", "3", "12", "5000000000", "NULL", "NULL::BIGINT", "CAST(7 AS BIGINT)"],
    "N": ["0.5", "1.25", "-3.75", "100.00", "0.1", "NULL::DECIMAL(5,2)", "99.99"],
    "X": ["0e0", "1.5e0", "-2e3", "1e-3", "'nan'::DOUBLE", "'inf'::DOUBLE", "NULL::DOUBLE", "0.1e0", "-0.0e0"],
    "D": ["DATE '2019-10-15'", "DATE '2000-02-29'", "DATE '1969-07-20'", "NULL::DATE"],
    "T": ["TIMESTAMP '2019-10-01 10:11:12'", "TIMESTAMP '1970-01-01'", "TIMESTAMP '2020-02-29 12:00:00.123456'", "NULL::TIMESTAMP"],
    "S": ["'a'", "''", "'abc'", "'Hello'", "'é'", "NULL::VARCHAR", "'a,b'", "' x '", "'12'", "NULL"],
    "U": ["'7b391e3d-0962-4b94-aff2-8db52dd159a7'::UUID", "NULL::UUID"],
    "V": ["INTERVAL 3 DAYS", "INTERVAL '1 year'", "INTERVAL '2 hours 30 minutes'", "NULL::INTERVAL"],
    "C": ["TIME '01:02:03'", "TIME '23:59:59.999999'", "NULL::TIME"],
    "Y": ["['a', 'b', 'a']", "['x', NULL]", "NULL::VARCHAR[]"],
    "Z": ["[3, 1, 2, 1]", "[1, NULL]", "NULL::BIGINT[]"],
}

AGGREGATES = """
    count(*) | count({a}) | count(DISTINCT {a}) | sum({L}) | sum({I}) | sum({N}) | sum({x}) | avg({L}) | avg({N}) | avg({x}) | min({a}) | max({a})
    sum({B}::INTEGER) | min({V}) | max({C}) | median({L}) | median(d) | median({x}) | median({D}) | median({T}) | quantile_cont({L}, 0.3)
    quantile_cont({x}, 0.25) | quantile_disc({L}, 0.7) | quantile_disc({S}, 0.5) | quantile_disc({D}, 0.9) | quantile_cont(d, 0.9)
    quantile_cont({T}, 0.5) | quantile_cont({L}, [0.1, 0.5, 0.9]) | quantile_disc({L}, [0.25, 0.75]) | stddev({x}) | stddev_pop({L})
    var_samp({N}) | var_pop({x}) | variance({L}) | corr({x}, {L}) | covar_pop({x}, {x}) | covar_samp({L}, {x}) | regr_slope({x}, {L})
    regr_intercept({x}, {L}) | regr_r2({x}, {L}) | regr_count({x}, {L}) | regr_avgx({x}, {L}) | regr_avgy({x}, {L}) | regr_sxx({x}, {L})
    regr_sxy({x}, {L}) | regr_syy({x}, {L}) | bool_and({B}) | bool_or({B}) | count_if({B}) | sum(DISTINCT {L}) | avg(DISTINCT {N}) | sum(DISTINCT {N})
    bit_and({L}) | bit_or({L}) | bit_xor({L}) | product({x}) | skewness({x}) | kurtosis({x}) | kurtosis_pop({x}) | entropy({S}) | mad({x}) | mad({L})
    string_agg({S}, ',' ORDER BY id) | string_agg({S} ORDER BY s, id) | list({L} ORDER BY id) | array_agg({S} ORDER BY id DESC) | string_agg(DISTINCT {S}, '|' ORDER BY {=})
    first({a} ORDER BY id) | last({a} ORDER BY id) | any_value({a} ORDER BY id) | arg_min({a}, id) | arg_max({a}, id) | arg_max({S}, {L} ORDER BY id)
    min_by({S}, id) | max_by({L}, id) | arg_max(id, {x} ORDER BY id) | arg_min({S}, id, 2) | arg_max({L}, id, 3) | min({L}, 2) | max({S}, 2) | min({D}, 3)
    histogram({L}) | histogram({S}) | histogram({B}) | mode({g} ORDER BY id) | fsum({x}) | favg({x}) | geomean({p}) | geometric_mean({p})
    sum({L}) FILTER (WHERE {B}) | count(*) FILTER (WHERE {B}) | min({S}) FILTER ({B}) | list({L} ORDER BY j, id) | list({D} ORDER BY id) FILTER (WHERE {B})
    list(DISTINCT {L} ORDER BY {=}) | sum({L}) / count(*) | max({x}) - min({x}) | avg({I}) | sem({x}) | weighted_avg({x}, {L})
    quantile({L}, 0.5) | arg_min_null({S}, id) | arg_max_null({L}, id) | bool_and({B}) FILTER ({B}) | count({B} OR {B}) | listagg({S}, ';' ORDER BY id)
    group_concat({S}, ';' ORDER BY id) | percentile_cont(0.5) WITHIN GROUP (ORDER BY j) | percentile_disc(0.25) WITHIN GROUP (ORDER BY {S})
    mode() WITHIN GROUP (ORDER BY {k}) | sum({H}) | max({H}) | avg({H}) | count() | histogram({D}) | list({V} ORDER BY id) | max({Z}) | min({Y}) | countif({B})
"""

WINDOWS = """
    row_number() OVER {w} | rank() OVER {w} | dense_rank() OVER {w} | percent_rank() OVER {w} | cume_dist() OVER {w} | ntile(<pos>) OVER {w}
    lag({a}) OVER {w} | lead({a}) OVER {w} | lag({L}, <n>) OVER {w} | lead({S}, <pos>, 'none') OVER {w} | lag({L}, 2, 0) OVER {w}
    first_value({a}) OVER {o} | last_value({a}) OVER {o} | nth_value({a}, <pos>) OVER {o} | first_value({a} IGNORE NULLS) OVER {o}
    last_value({L} IGNORE NULLS) OVER {o} | nth_value({S}, 2 IGNORE NULLS) OVER {o} | lag({L} IGNORE NULLS) OVER {w} | lead({S} IGNORE NULLS) OVER {w}
    sum({L}) OVER {f} | count(*) OVER {f} | count({a}) OVER {f} | avg({N}) OVER {f} | min({a}) OVER {f} | max({a}) OVER {f} | avg({x}) OVER {f}
    sum({L}) FILTER (WHERE {B}) OVER {f} | count(DISTINCT {g}) OVER {f} | list({L}) OVER {o} | string_agg({S}, ',') OVER {o} | median({L}) OVER {f}
    stddev({x}) OVER {f} | bool_or({B}) OVER {f} | quantile_disc({L}, 0.5) OVER {f} |  sum({N}) OVER {f} | arg_max({S}, id) OVER {f}
    rank() OVER {w} + 1 | sum({L}) OVER {f} - lag({L}) OVER {w} | first({S}) OVER {o} | any_value({L}) OVER {o} | fill({L}) OVER {w} | array_agg({S}) OVER {o}
    first_value({a} ORDER BY id DESC) OVER {f} | sum(DISTINCT {k}) OVER {f}
"""


def parsed(text):
    """Templates out of a table; ` | ` within braces or as an operator stays."""
    found = []
    for line in text.strip().split("\n"):
        found += [part.strip() for part in line.strip().split(" | ")]
    return [part for part in found if part]
