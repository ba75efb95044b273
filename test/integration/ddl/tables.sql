-- Statements that make, change and rename tables. Each server runs what it accepts.
create database ddl_a character set utf8mb4;
create database ddl_b character set latin1 collate latin1_bin;
use ddl_a;

-- integers, with and without width, sign and zeros
create table ints (a tinyint, b smallint, c mediumint, d int, e bigint, f tinyint unsigned, g smallint unsigned, h mediumint unsigned, i int unsigned, j bigint unsigned);
create table ints_wide (a tinyint(1), b tinyint(2), c smallint(3), d int(5), e bigint(10), f tinyint(1) unsigned, g int(5) unsigned, h int(3) zerofill, i int zerofill, j bigint(5) unsigned zerofill, k smallint signed, l int(0));
create table ints_alias (a bool, b boolean, c integer, d int1, e int2, f int3, g int4, h int8, i middleint, j integer(4) unsigned, k bool not null default true, l boolean default false);
create table ints_default (a int default 5, b int default '7', c int not null default -5, d int(5) zerofill default 42, e bigint unsigned default 18446744073709551615, f int default null, g int not null, h tinyint default +3, i int default 0x10, j int default b'101', k int default 5.4);

-- fixed and floating point
create table reals (a decimal, b decimal(5), c decimal(5,2), d dec(7,3) unsigned, e numeric(3,1) zerofill, f fixed(4,2), g float, h float(5), i float(24), j float(25), k float(53), l float(7,3), m double, n double precision, o double(10,2), p real, q real(9,4), r float4, s float8, t float unsigned, u double unsigned zerofill, v decimal(65,30));
create table reals_default (a decimal(5,2) default 1, b decimal(5,2) not null default '1.005', c float default 0.1, d double default 1e20, e double default -1e-7, f float(7,3) default 1.5, g decimal(10,0) default 1e3, h double default 123456789012345678, i float default 3.14159265, j decimal(4,2) zerofill default 1.5, k double default 1e15, l double default 100000000000000, m float default 1e10, n decimal(5,2) default -0.1);
set sql_mode = 'REAL_AS_FLOAT';
create table reals_mode (a real, b real(5,2));
set sql_mode = default;

-- strings
drop database ddl_a;
create database ddl_a character set utf8mb4;
use ddl_a;
create table strings (a char, b char(5), c varchar(10), d character(3), e character varying(7), f char varying(8), g tinytext, h text, i mediumtext, j longtext, k long, l long varchar, m text(100), n text(300), o text(70000), p blob(100), q blob(300), r blob(70000), s varchar(0), t char(0));
create table strings_national (a national char(3), b nchar(3), c national varchar(5), d nvarchar(5), e national character varying(4), f nchar varchar(5), g national char varying(6), h nchar varying(7), i national character(2));
create table strings_charset (a varchar(5) character set latin1, b varchar(5) charset utf8mb4 collate utf8mb4_bin, c text collate latin1_german1_ci, d char(3) binary, e varchar(9) character set latin1 binary, f varchar(5) ascii, g char(5) unicode, h varchar(5) character set utf8, i text character set utf8mb3, j varchar(4) collate utf8mb4_general_ci not null);
create table strings_bytes (a char(5) byte, b varchar(5) byte, c text byte, d char(5) character set binary, e varchar(5) character set binary, f text character set binary, g tinytext character set binary, h longtext charset binary, i enum('a','b') character set binary);
create table strings_binary_table (a char(5), b varchar(5), c text, d mediumtext, e enum('x')) character set binary;
create table strings_default (a varchar(10) default 'it''s', b char(5) default 'ab  ', c varchar(10) not null default '', d varchar(10) default "double", e varchar(10) default 5, f varchar(10) default 'a' 'b', g varchar(10) default N'n', h varchar(10) default _latin1'l', i varchar(10) default x'4142', j varchar(10) default 0x43, k varchar(20) default 'a\\b\'c\n', l varchar(10) default 'é', m varchar(10) default 'NULL', n varchar(10) default 1.50);
create table bytes (a binary, b binary(3), c varbinary(5), d tinyblob, e blob, f mediumblob, g longblob, h long varbinary, i binary(3) default 'ab', j varbinary(5) default 'ab', k varbinary(5) default x'4142', l varbinary(3) not null default '');
create table bits (a bit, b bit(1), c bit(8), d bit(64), e bit(8) default b'101', f bit(8) default 5, g bit(4) default b'0', h bit(8) not null default 0x0f);

-- enum and set
create table labels (a enum('a','b'), b set('a','b','c'), c enum('it''s','a,b','','x y'), d enum('a ','b'), e enum('\\','é','\n') character set utf8mb4, f enum('é') character set latin1, g set('a','b') default 'b,a', h enum('a','b') default 'B', i enum('a','b') not null, j set('x','y') not null default '', k enum("q","r") binary, l enum('x') collate utf8mb4_bin, m enum('(',')') comment 'brackets)');

-- dates and times
drop database ddl_a;
create database ddl_a character set utf8mb4;
use ddl_a;
create table times (a date, b time, c time(3), d datetime, e datetime(0), f datetime(6), g timestamp null, h timestamp(2) null, i year, j year(4));
create table times_default (a date default '2020-1-2', b date default 20200102, c time default '10:5', d time(2) default '1:2:3.456', e datetime default '2020-01-02', f datetime(3) default '2020-1-2 3:4:5', g datetime default current_timestamp, h datetime(3) default current_timestamp(3) on update current_timestamp(3), i timestamp default now(), j timestamp(2) default localtimestamp(2) on update localtime(2), k year default 20, l year default '1999', m date default '20210304', n datetime not null default '2020-01-01 00:00:00', o timestamp not null default '2020-01-01 00:00:00', p datetime default '2020-01-02 03:04:05.6', q datetime on update current_timestamp, r date default date '2020-02-03', s datetime default timestamp '2020-02-03 04:05:06');
set explicit_defaults_for_timestamp = off;
create table times_old (a timestamp, b timestamp, c timestamp null, d timestamp(3), e timestamp default '2020-01-01 00:00:00', f timestamp default current_timestamp);
create table times_old_2 (a datetime, b timestamp on update current_timestamp, c timestamp not null, d timestamp null default null);
create table times_old_3 (a timestamp null, b timestamp);
alter table times_old add column g timestamp, add column h timestamp not null first;
set explicit_defaults_for_timestamp = on;
create table times_new (a timestamp, b timestamp not null, c timestamp null, d timestamp(3) default current_timestamp(3));
set explicit_defaults_for_timestamp = default;

-- other types
create table others (a json, b geometry, c point, d linestring, e polygon, f multipoint, g multilinestring, h multipolygon, i geometrycollection, j json not null, k point not null);
create table others_srid (a point srid 4326, b geometry not null srid 0, c geomcollection);
create table others_vector (a vector(3), b vector);
create table serials (id serial, a int);
create table serials_2 (id bigint unsigned not null auto_increment unique, a bigint serial default value);
create table serials_3 (a int serial default value);

-- attributes
drop database ddl_a;
create database ddl_a character set utf8mb4;
use ddl_a;
create table attributes (id int not null auto_increment primary key comment 'the id', a int null, b int default 1 not null comment 'it''s "b"', c varchar(5) comment '' not null, d int unique comment 'unique', e int key_block_size 1);
create table attributes_2 (id int auto_increment, a int column_format fixed storage disk, b int column_format default, key (id));
create table invisible (a int, b int invisible, c int visible default 3, d int invisible default 5);
create table generated (a int, b int generated always as (a + 1), c int as (a * 2) stored, d int as (a) virtual not null, e varchar(10) generated always as (concat('x', a)) virtual comment 'g', f int as (a + b) invisible, g int as (1) persistent, unique key (c));
create table expressions (a int default (1 + 1), b varchar(40) default (uuid()), c json default (json_array()), d datetime default (now()), e text default ('x'), f int default (5), g point default (point(1, 1)), h date default (current_date), i varchar(9) default ('lit'), j int not null default (rand() * 10));
create table expressions_bare (a varchar(40) default uuid(), b int default 1 + 1, c date default curdate(), d varchar(10) default concat('a', 'b'), e text default 'x', f int default (5), g varchar(10) default (null), h int default -(5), i blob default 'b', j json default '{}');
create table checks (a int check (a > 1), b int constraint positive check (b > 0), c int, constraint both_ check (a > b), check (c <> 1));
create table checks_2 (a int check (a > 1) not enforced, constraint c2 check (a < 100) enforced);

-- keys
drop database ddl_a;
create database ddl_a character set utf8mb4;
use ddl_a;
create table keys_1 (a int primary key, b int unique, c int unique key, d int, e int, unique (d), unique key (d, e), key (e), index e_i (e), unique index u1 (b, c));
create table keys_2 (a int, b varchar(20), c text, d blob, primary key (a, b(5)), unique key p (c(10)), key q (d(3), b), unique r (b(20)), unique s (b(19)));
create table keys_3 (a int not null, b int not null, constraint pk primary key using btree (b, a), constraint u unique (a), constraint named unique key other_name (b), unique using hash (a, b));
create table keys_4 (a int, b int, unique key (a), unique key (a), unique key a_3 (b), key (a desc, b asc));
create table keys_5 (a int, b varchar(10), c point not null, d text, fulltext key (b), fulltext index ft (b, d), spatial index (c), fulltext (d) with parser ngram);
create table keys_6 (a int, b varchar(10), key ((a + 1)), unique key ((lower(b))), unique key mixed (a, (b + 1) desc), key named ((abs(a))) invisible comment 'functional');
create table keys_7 (a int, b json, key mv ((cast(b->'$.x' as unsigned array))));
create table keys_8 (a int, b int, key k1 (a) comment 'k' key_block_size = 8 using btree, unique k2 (b) visible, key k3 (a, b) invisible);
create table keys_9 (a int, a_2 int, unique (a), unique (a, a_2), unique (a_2));
create table keys_10 (a int not null, b int not null, unique key zz (b), unique key aa (a));
create table keys_long (a text, b blob, unique (a), key (b(10)));
create table keys_hash (a int, b int, primary key (a) using hash, key using btree (b));
create table pk_null (a int, b varchar(5), c int default 7, primary key (a, b, c));
create table pk_inline (a int(4) zerofill key);
create table parents (id int primary key, other int unique) engine = innodb;
create table children (id int primary key, p int, q int, foreign key (p) references parents (id) on delete cascade on update set null, constraint fk_q foreign key (q) references parents (other)) engine = innodb;
create table children_2 (p int, q int, key has_it (p), foreign key (p) references parents (id), constraint fk_2 foreign key idx_q (q) references parents (other) match simple) engine = innodb;
create table children_3 (p int references parents (id), q int unique references parents (other) on delete set null) engine = innodb;

-- options of tables
drop database ddl_a;
create database ddl_a character set utf8mb4;
use ddl_a;
create table options_1 (a int) engine = innodb comment = 'it''s a table' row_format = dynamic avg_row_length 10, max_rows = 5 min_rows = 1, auto_increment = 10 checksum = 1 delay_key_write = 0 pack_keys = default stats_persistent = 1 stats_auto_recalc = default stats_sample_pages = 5 key_block_size = 8;
create table options_2 (a varchar(5), b text) default character set = latin1 collate = latin1_general_cs;
create table options_3 (a varchar(5)) charset latin1;
create table options_4 (a varchar(5)) collate utf8mb4_bin;
create table options_5 (a varchar(5)) character set utf8mb4 collate utf8mb4_unicode_ci comment 'c';
create table options_6 (a varchar(5)) engine = myisam character set default;
create table options_7 (a int) engine = memory;
create table options_8 (a varchar(5)) character set utf8;
create table options_9 (a int) engine = innodb encryption = 'N' compression = 'none' tablespace = innodb_file_per_table;
create table options_10 (a int) engine_attribute = '' secondary_engine_attribute = '' autoextend_size = 4M;
create table options_11 (a int) data directory = '/tmp' ;
-- unknown mysql mariadb mysql56: UNION of no tables
create table options_12 (a int) engine = merge union = () insert_method = last;
create table ddl_b.inherits (a varchar(5), b text, c enum('é'), d varchar(3) character set utf8mb4);

-- partitions
drop database ddl_a;
create database ddl_a character set utf8mb4;
use ddl_a;
create table parts_1 (a int, b int) partition by range (a) (partition p0 values less than (10), partition p1 values less than maxvalue);
create table parts_2 (a int, b int) partition by hash (a) partitions 4;
create table parts_3 (a int primary key, b int) partition by key () partitions 2;
create table parts_4 (a int, b date) engine = innodb partition by list (a) (partition p0 values in (1, 2) engine = innodb comment = 'x', partition p1 values in (3, null) engine = innodb);
create table parts_5 (a int, b date) partition by range columns (b, a) (partition p0 values less than ('2020-01-01', 5), partition p1 values less than (maxvalue, maxvalue));
create table parts_6 (a int, b date) partition by range (year(b)) subpartition by hash (to_days(b)) subpartitions 2 (partition p0 values less than (1990), partition p1 values less than maxvalue);
create table parts_7 (a int, b int) partition by linear key algorithm = 2 (a) partitions 3;
create table parts_8 (a int, b varchar(5)) partition by list columns (b) (partition p0 values in ('a', 'b'), partition p1 values in ('c'));
create table parts_9 (a int) partition by list (a) (partition p0 values in (1), partition pd default);
alter table parts_1 drop partition p0;
alter table parts_1 reorganize partition p1 into (partition n0 values less than (5), partition n1 values less than maxvalue);
alter table parts_2 add partition partitions 2;
alter table parts_2 coalesce partition 1;
alter table parts_4 add partition (partition p2 values in (7, 8));
alter table parts_4 truncate partition p0, p1;
alter table parts_4 analyze partition all;
alter table parts_4 rebuild partition p0;
alter table parts_4 optimize partition p0;
alter table parts_4 check partition p0;
alter table parts_2 add column c int, partition by hash (b) partitions 3;
alter table parts_2 remove partitioning;
alter table parts_2 partition by key (a);
create table exchanged like parts_4;
alter table exchanged remove partitioning;
alter table parts_4 exchange partition p0 with table exchanged;
alter table parts_4 exchange partition p0 with table exchanged without validation;

-- LIKE and AS SELECT
drop database ddl_a;
create database ddl_a character set utf8mb4;
use ddl_a;
create table ints (a tinyint, b smallint, c mediumint, d int, e bigint, f tinyint unsigned);
create table ints_default (a int default 5, b int default '7', c int not null default -5, d int(5) zerofill default 42);
create table strings (a char, b char(5), c varchar(10));
create table strings_default (a varchar(10) default 'it''s', b char(5) default 'ab  ', c varchar(10) not null default '');
create table generated (a int, b int generated always as (a + 1), c int as (a * 2) stored, unique key (c));
create table keys_2 (a int, b varchar(20), c text, d blob, primary key (a, b(5)), unique key p (c(10)), key q (d(3), b));
create table options_5 (a varchar(5)) character set utf8mb4 collate utf8mb4_unicode_ci comment 'c';
create table parents (id int primary key, other int unique) engine = innodb;
create table children (id int primary key, p int, q int, foreign key (p) references parents (id) on delete cascade on update set null, constraint fk_q foreign key (q) references parents (other)) engine = innodb;
create table like_1 like strings_default;
create table like_2 (like keys_2);
create table if not exists like_1 like ints;
create table ddl_b.like_3 like ddl_a.generated;
create table like_4 like children;
create table like_5 like options_5;
create table select_1 as select * from ints_default;
create table select_2 (id int auto_increment primary key, extra varchar(5)) select a, b from strings_default;
create table select_3 (a bigint not null) as select a, 'x' as b, now() as c, 1.5 as d from ints;
create table select_4 (unique (a)) ignore select 1 as a, 2 as b;
create table select_5 select a.a, b.b from ints a join strings b on a.a = b.a where 1 = 0;
create table select_6 as (select 1 as x) union (select 2);
create table select_7 as with q as (select 1 as one) select * from q;
create table select_8 as table ints;
create table select_9 as values row (1, 'a'), row (2, 'b');
create table ddl_b.select_10 character set utf8mb4 as select 'x' as a;

-- IF NOT EXISTS and the like
drop database ddl_a;
create database ddl_a character set utf8mb4;
use ddl_a;
create table ints (a int);
create table if not exists ints (a varchar(99));
create table if not exists new_1 (a int);
create or replace table new_1 (a varchar(5), b int);
create or replace table new_2 (a int primary key);
create temporary table temp_1 (a int);
create temporary table ints (a varchar(5));
alter table temp_1 add column b int;
drop temporary table ints;
drop table temp_1;
create table new_3(a int)/* comment */engine=innodb;
CREATE TABLE`new_4`(`a`INT(11)NOT NULL,PRIMARY KEY(`a`));
create table new_5 (
  a int, -- one
  b int, # two
  /* three */ c int
);
create table new_6 (a int /*!40000 unsigned */, b int /*!99999 unsigned */ , c int /*! not null */, d int /*!50100 default 5 */, e int /*!80000 invisible */ /*M!100300 invisible */ /*M! unsigned */);
create table new_7 (a int) /*!50100 partition by hash (a) partitions 2 */;
create table new_8 (a int /*!999999 unsigned */ /* /* */, b varchar(9) default '/*!40000 x */' comment '-- # /*');
/* leading */ create table new_9 (a int);
create table ddl_a . new_10 (a int);
create table `ddl_a`.`new_11` (a int);
use ddl_b;
create table new_12 (a varchar(3));
create table ddl_a.new_13 (a varchar(3));
use ddl_a;
