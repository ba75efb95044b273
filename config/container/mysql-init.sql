-- The account with the smallest grants that Rowcast needs, and something to watch.
CREATE USER 'rowcast'@'%' IDENTIFIED BY 'rowcast';
GRANT REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO 'rowcast'@'%';
CREATE DATABASE shop;
GRANT SELECT ON shop.* TO 'rowcast'@'%';

CREATE TABLE shop.customers (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  name VARCHAR(80) NOT NULL,
  email VARCHAR(120) NOT NULL
);

CREATE TABLE shop.orders (
  id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  customer_id BIGINT UNSIGNED NOT NULL,
  status ENUM('draft', 'new', 'paid', 'shipped') NOT NULL DEFAULT 'new',
  total DECIMAL(12, 2) NOT NULL,
  note TEXT,
  updated_at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6)
);

INSERT INTO shop.customers (name, email) VALUES ('Ada', 'ada@example.com'), ('Grace', 'grace@example.com');
INSERT INTO shop.orders (customer_id, status, total) VALUES (1, 'new', 19.90), (2, 'paid', 250.00);
