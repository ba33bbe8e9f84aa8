-- window_number
SELECT max(n) AS n, sum(n) AS s FROM (
  SELECT row_number() OVER (PARTITION BY user_id ORDER BY event_time) AS n FROM events) AS t;

-- window_lag
SELECT count(before) AS n, sum(epoch(event_time) - epoch(before)) AS s FROM (
  SELECT event_time, lag(event_time) OVER (PARTITION BY user_session ORDER BY event_time) AS before
  FROM events) AS t;

-- window_running_sum
SELECT sum(total) AS s FROM (
  SELECT sum(price) OVER (PARTITION BY user_id ORDER BY event_time, price
    ROWS UNBOUNDED PRECEDING) AS total FROM events) AS t;

-- window_moving_average
SELECT sum(mean) AS s FROM (
  SELECT avg(price) OVER (PARTITION BY product_id ORDER BY event_time, price
    ROWS BETWEEN 9 PRECEDING AND CURRENT ROW) AS mean FROM events) AS t;

-- window_rank
SELECT count(*) AS n FROM (
  SELECT rank() OVER (PARTITION BY brand ORDER BY price DESC) AS r FROM events) AS t WHERE r <= 3;

-- window_two
SELECT sum(n) AS s, sum(c) AS c FROM (
  SELECT row_number() OVER (PARTITION BY user_id ORDER BY event_time) AS n,
    count(*) OVER (PARTITION BY user_session) AS c FROM events) AS t;

-- window_latest
SELECT count(*) AS n, sum(price) AS s FROM (
  SELECT product_id, price FROM events
  QUALIFY row_number() OVER (PARTITION BY product_id ORDER BY event_time DESC, user_id, price) = 1) AS t;

-- window_global
SELECT sum(n % 1000 * (user_id % 10)) AS s FROM (
  SELECT user_id, row_number() OVER (ORDER BY event_time, user_id) AS n FROM events) AS t;

-- sort_half
SELECT sum(price) AS s FROM (
  SELECT price, user_id FROM events ORDER BY event_time, user_id, price LIMIT 5000000) AS t;

-- sort_first
SELECT event_time, user_id, price FROM events ORDER BY price DESC, event_time, user_id LIMIT 10;

-- distinct_on
SELECT count(*) AS n, sum(price) AS s FROM (
  SELECT DISTINCT ON (user_id) user_id, price FROM events
  ORDER BY user_id, event_time, product_id, price) AS t;

-- distinct_pairs
SELECT count(*) AS n FROM (SELECT DISTINCT user_id, product_id FROM events) AS t;

-- distinct_counts
SELECT count(*) AS n, sum(u) AS s FROM (
  SELECT product_id, count(DISTINCT user_id) AS u FROM events GROUP BY product_id) AS t;

-- distinct_sums
SELECT sum(DISTINCT price) AS p, count(DISTINCT product_id) AS i, count(DISTINCT brand) AS b FROM events;

-- group_many
SELECT user_id, product_id, sum(price) AS s, count(*) AS n FROM events
GROUP BY user_id, product_id ORDER BY s DESC, user_id, product_id LIMIT 5;

-- group_median
SELECT brand, median(price) AS m FROM events GROUP BY brand ORDER BY m DESC, brand LIMIT 5;

-- group_quantile
SELECT category_code, quantile_cont(price, 0.9) AS q, stddev(price) AS d FROM events
GROUP BY category_code ORDER BY category_code LIMIT 5;

-- group_cube
SELECT event_type, brand, count(*) AS n FROM events GROUP BY CUBE (event_type, brand)
ORDER BY n DESC, event_type, brand LIMIT 5;

-- group_texts
SELECT upper(brand) AS u, length(category_code) AS l, count(*) AS n FROM events
GROUP BY u, l ORDER BY n DESC, u, l LIMIT 5;

-- group_hours
SELECT date_trunc('hour', event_time) AS h, count(*) AS n, sum(price) AS s FROM events
GROUP BY h ORDER BY h LIMIT 5;

-- group_last
SELECT count(*) AS n, sum(p) AS s FROM (
  SELECT user_id, max_by(price, event_time) AS p, max(event_time) AS t FROM events
  WHERE event_type = 'purchase' GROUP BY user_id HAVING count(*) = 1) AS t;

-- group_journeys
SELECT count(*) AS n, max(length(s)) AS l FROM (
  SELECT user_session, string_agg(event_type, ',' ORDER BY event_time, event_type) AS s FROM events
  GROUP BY user_session) AS t;

-- join_means
SELECT count(*) AS n, sum(a.price) AS s FROM events AS a
JOIN (SELECT product_id, avg(price) AS p FROM events GROUP BY product_id) AS b USING (product_id)
WHERE a.price > b.p;

-- join_buyers
SELECT count(*) AS n FROM events
WHERE user_id IN (SELECT user_id FROM events WHERE event_type = 'purchase');

-- join_others
SELECT count(*) AS n FROM events AS a WHERE NOT EXISTS (
  SELECT 1 FROM events AS b WHERE b.user_id = a.user_id AND b.event_type = 'purchase');

-- filter_three
SELECT count(*) AS n FROM events
WHERE price * 1.1 > 500 AND brand LIKE 's%' AND extract(hour FROM event_time) BETWEEN 8 AND 12;

-- distinct_users
SELECT brand, count(DISTINCT user_id) AS u FROM events GROUP BY brand ORDER BY u DESC, brand LIMIT 10;

-- group_user_brand
SELECT user_id, brand, count(*) AS n FROM events GROUP BY user_id, brand
ORDER BY n DESC, user_id, brand LIMIT 10;

-- group_user_minute
SELECT user_id, extract(minute FROM event_time) AS m, brand, count(*) AS n FROM events
GROUP BY user_id, m, brand ORDER BY n DESC, user_id, m, brand LIMIT 10;

-- group_session_user
SELECT user_session, user_id, count(*) AS n FROM events GROUP BY user_session, user_id
ORDER BY n DESC, user_session, user_id LIMIT 10;

-- group_derived_keys
SELECT user_id, user_id - 1 AS a, user_id - 2 AS b, count(*) AS n FROM events
GROUP BY user_id, user_id - 1, user_id - 2 ORDER BY n DESC, user_id LIMIT 10;

-- group_case
SELECT event_type, category_id, CASE WHEN price > 100 THEN brand ELSE '' END AS b, product_id,
  count(*) AS n FROM events WHERE event_time < TIMESTAMP '2019-10-20'
GROUP BY event_type, category_id, b, product_id ORDER BY n DESC, product_id, event_type, b LIMIT 10;

-- group_days
SELECT dayname(event_time) AS d, extract(hour FROM event_time) AS h, count(*) AS n, sum(price) AS s
FROM events GROUP BY d, h ORDER BY d, h LIMIT 5;

-- group_concat
SELECT concat(brand, '-', event_type) AS k, count(*) AS n FROM events GROUP BY k
ORDER BY n DESC, k LIMIT 10;

-- group_least_text
SELECT brand, min(category_code) AS c, count(*) AS n FROM events
WHERE category_code LIKE '%phone%' AND brand <> '' GROUP BY brand ORDER BY n DESC, brand LIMIT 10;

-- sums_shifted
SELECT sum(product_id) AS a, sum(product_id + 1) AS b, sum(product_id + 2) AS c,
  sum(product_id + 3) AS d FROM events;

-- first_brands
SELECT brand FROM events WHERE brand <> '' ORDER BY brand LIMIT 10;

-- first_events
SELECT * FROM events WHERE brand LIKE '%hua%'
ORDER BY event_time, user_id, product_id, price, event_type LIMIT 10;

-- group_weeks
SELECT date_trunc('week', event_time) AS week, count(DISTINCT user_id) AS users,
  count(*) FILTER (WHERE event_type = 'purchase') AS sales FROM events GROUP BY week ORDER BY week;

-- group_days_text
SELECT strftime(event_time, '%Y-%m-%d') AS day, count(*) AS n FROM events GROUP BY day ORDER BY day;

-- group_rounded
SELECT round(price) AS p, count(*) AS n FROM events GROUP BY p ORDER BY n DESC, p LIMIT 10;

-- group_texts_many
SELECT concat(user_id, '/', event_type) AS k, count(*) AS n FROM events WHERE event_type <> 'view'
GROUP BY k ORDER BY n DESC, k LIMIT 5;

-- distinct_texts
SELECT string_agg(DISTINCT brand, ',' ORDER BY brand) AS brands FROM events
WHERE category_code = 'electronics.smartphone';

-- group_carts
SELECT user_id, product_id, count(*) AS n, sum(price) AS s FROM events WHERE event_type = 'cart'
  GROUP BY ALL ORDER BY n DESC, s DESC, user_id, product_id LIMIT 10;

-- intersect_pairs
SELECT count(*) FROM (SELECT user_id, product_id FROM events WHERE event_type='cart' INTERSECT
  SELECT user_id, product_id FROM events WHERE event_type='purchase');

-- join_bought
SELECT a.brand, count(*) AS n FROM events a JOIN events b ON a.user_session = b.user_session AND
  a.product_id = b.product_id WHERE a.event_type = 'view' AND b.event_type = 'purchase' GROUP BY
  a.brand ORDER BY n DESC, a.brand LIMIT 10;

-- join_ratio
SELECT e.brand, avg(e.price / m.p) AS ratio FROM events e JOIN (SELECT category_id, avg(price) AS p
  FROM events GROUP BY category_id) m USING (category_id) WHERE m.p > 0 GROUP BY e.brand ORDER BY
  ratio DESC, e.brand LIMIT 10;

-- group_lengths
SELECT length(brand) AS l, count(*) AS n, avg(price) AS a FROM events WHERE brand IS NOT NULL GROUP
  BY l ORDER BY l;

-- filter_range
SELECT count(*) FROM events WHERE price BETWEEN 100 AND 200 AND event_type <> 'view' AND brand IS
  NOT NULL;

-- sums_decimal
SELECT sum(price * 1.2 - 0.5), sum(price * price) FROM events WHERE price > 0;

-- group_prices
SELECT product_id, price, count(*) AS n FROM events GROUP BY product_id, price ORDER BY n DESC,
  product_id, price LIMIT 10;

-- distinct_triples
SELECT count(*) FROM (SELECT DISTINCT user_id, brand, category_code FROM events);

-- group_products
SELECT product_id, category_id, brand, count(*) AS n, sum(price) AS s, count(DISTINCT user_id) AS u
  FROM events GROUP BY 1, 2, 3 ORDER BY u DESC, product_id LIMIT 10;

-- group_user_days
SELECT max(n) FROM (SELECT user_id, date_trunc('day', event_time) AS d, count(*) AS n FROM events
  GROUP BY 1, 2);

-- window_gaps
SELECT sum(CASE WHEN gap > 1800 THEN 1 ELSE 0 END) FROM (SELECT epoch(event_time) -
  epoch(lag(event_time) OVER (PARTITION BY user_id ORDER BY event_time)) AS gap FROM events);

-- window_of_groups
SELECT category_code, brand, n FROM (SELECT category_code, brand, count(*) AS n, row_number() OVER
  (PARTITION BY category_code ORDER BY count(*) DESC, brand) AS r FROM events GROUP BY
  category_code, brand) WHERE r <= 2 ORDER BY category_code, n DESC LIMIT 10;

-- join_small_side
SELECT count(*) AS n, sum(i.price) AS s FROM events e
JOIN events i ON e.user_session = i.user_session AND e.product_id = i.product_id
WHERE e.event_type = 'purchase' AND i.event_type = 'view';

-- join_asof
SELECT e.brand, count(*) AS n FROM events e
ASOF JOIN (SELECT user_id, event_time FROM events WHERE event_type = 'cart') c
ON e.user_id = c.user_id AND e.event_time >= c.event_time
WHERE e.event_type = 'purchase' GROUP BY e.brand ORDER BY n DESC, e.brand LIMIT 10;

-- exists_viewed
SELECT count(*) AS n FROM events e WHERE e.event_type = 'purchase' AND EXISTS (
  SELECT 1 FROM events i WHERE i.user_session = e.user_session AND i.product_id = e.product_id AND i.event_type = 'view');

-- value_of_session
SELECT count(*) AS n FROM events e
WHERE event_time = (SELECT min(event_time) FROM events i WHERE i.user_session = e.user_session);

-- filter_price
SELECT count(*) AS n, sum(product_id) AS s, max(user_id) AS u FROM events WHERE price > 100;

-- means_of_ids
SELECT sum(product_id) AS s, avg(user_id) AS a, count(*) AS n FROM events;

-- remainders
SELECT user_id % 100 AS k, count(*) AS n, sum(product_id % 10) AS s FROM events GROUP BY k ORDER BY k;
