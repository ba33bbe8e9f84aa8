-- q01_event_mix
SELECT event_type, count(*) AS n FROM events GROUP BY event_type;

-- q02_top_brand_revenue
SELECT brand, sum(price) AS r, count(*) AS n FROM events WHERE event_type = 'purchase'
GROUP BY brand ORDER BY r DESC, brand LIMIT 10;

-- q03_hour_by_type
SELECT extract(hour FROM event_time) AS h, event_type, count(*) AS n FROM events
GROUP BY 1, 2 ORDER BY 1, 2;

-- q04_weekday
SELECT extract(dow FROM event_time) AS d, count(*) AS n, count(DISTINCT user_id) AS u FROM events
GROUP BY 1 ORDER BY 1;

-- q05_category_demand
SELECT category_code, count(*) AS n,
  sum(CASE WHEN event_type = 'purchase' THEN price ELSE 0 END) AS r
FROM events GROUP BY category_code ORDER BY n DESC, category_code LIMIT 20;

-- q06_daily_users
SELECT cast(event_time AS date) AS d, count(DISTINCT user_id) AS u FROM events
GROUP BY 1 ORDER BY 1;

-- q07_one_user
SELECT event_time, event_type, product_id, price FROM events
WHERE user_id = (SELECT max(user_id) FROM events)
ORDER BY event_time, event_type, product_id, price;

-- q08_brand_price_filter
SELECT count(*), avg(price) FROM events WHERE brand = 'apple' AND price BETWEEN 500 AND 1000;

-- q09_like
SELECT category_code, count(*) AS n FROM events WHERE category_code LIKE '%phone%'
GROUP BY 1 ORDER BY n DESC, category_code;

-- q10_distinct_sessions
SELECT count(DISTINCT user_session) FROM events;

-- q11_top_spenders
SELECT user_id, sum(price) AS m, count(*) AS n FROM events WHERE event_type = 'purchase'
GROUP BY user_id ORDER BY m DESC, user_id LIMIT 10;

-- q12_top_products
SELECT product_id, count(*) AS n, avg(price) AS p FROM events
GROUP BY product_id ORDER BY n DESC, product_id LIMIT 10;

-- q13_sessions
SELECT count(*), sum(aband), avg(dur), avg(v) FROM (
  SELECT user_session, sum(CASE WHEN event_type = 'view' THEN 1 ELSE 0 END) AS v,
    CASE WHEN sum(CASE WHEN event_type = 'cart' THEN 1 ELSE 0 END) > 0
      AND sum(CASE WHEN event_type = 'purchase' THEN 1 ELSE 0 END) = 0 THEN 1 ELSE 0 END AS aband,
    epoch(max(event_time)) - epoch(min(event_time)) AS dur, avg(price) AS ap
  FROM events GROUP BY user_session) AS t;

-- q14_rfm
SELECT r, f, m, count(*) AS n FROM (
  SELECT user_id, ntile(5) OVER (ORDER BY last_t DESC, user_id) AS r,
    ntile(5) OVER (ORDER BY f, user_id) AS f, ntile(5) OVER (ORDER BY m, user_id) AS m
  FROM (SELECT user_id, max(event_time) AS last_t, count(*) AS f, sum(price) AS m
    FROM events WHERE event_type = 'purchase' GROUP BY user_id) AS a) AS b
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;

-- q15_funnel
SELECT sum(CASE WHEN v IS NOT NULL THEN 1 ELSE 0 END) AS s1,
  sum(CASE WHEN c >= v THEN 1 ELSE 0 END) AS s2,
  sum(CASE WHEN c >= v AND p >= c THEN 1 ELSE 0 END) AS s3
FROM (
  SELECT user_session, min(CASE WHEN event_type = 'view' THEN event_time END) AS v,
    min(CASE WHEN event_type = 'cart' THEN event_time END) AS c,
    max(CASE WHEN event_type = 'purchase' THEN event_time END) AS p
  FROM events GROUP BY user_session) AS t;
