-- Not in the samples: edge values of every type, defaults of every kind, keys of several types, changes of keys, DDL.
create table ints (id bigint unsigned primary key, t tinyint not null default 7, tu tinyint unsigned default 200, b1 tinyint(1) default 1, s smallint default -5, su smallint unsigned, m mediumint default 12, mu mediumint unsigned zerofill, i int default -1, iu int unsigned default 4000000000, b bigint default 9, bu bigint unsigned default 18446744073709551615, y year default 2020, bl boolean not null default true, bit1 bit(1) default b'1', bit8 bit(8) default b'101', bit63 bit(63), ser serial);
insert into ints (id) values (0), (18446744073709551615);
insert into ints values (9223372036854775808, -1, 0, 0, 32767, 0, 8388607, 1, 2147483647, 0, 9223372036854775807, 9223372036854775807, 1901, 0, b'0', b'11111111', b'1', 5), (5, 127, 127, 2, 0, 1, -1, 16777215, 0, 2147483648, -1, 9223372036854775808, 2155, 1, b'1', b'0', 9223372036854775807, 6), (6, 0, null, null, null, null, null, null, null, null, null, null, null, 0, null, null, null, 7);
update ints set b = -9007199254740993, bu = 1 where id = 5;
update ints set id = 8 where id = 5;
delete from ints where id in (0, 8);

create table nums (id int auto_increment primary key, d1 decimal(38,0) default 1, d2 decimal(10,2) not null default 0.50, d3 decimal(65,30), d4 numeric(5,5) unsigned, d5 decimal, f float default 1.5, f2 float(7,3), f3 float(53), d double not null default 2.25, r real, n9 decimal(9,9), n19 decimal(19,0));
insert into nums (id) values (1);
insert into nums values (2, 99999999999999999999999999999999999999, -99999999.99, 0.000000000000000000000000000001, 0.99999, 9999999999, 3.4028234e38, 1234.568, 1e300, 5e-324, -0.0, -0.999999999, 9223372036854775808), (3, -128, 1.27, 1.28, 0.1, -128, 1.17549e-38, -0.001, 0.1, 1e22, 123456789.123, 0.000000001, -9223372036854775809), (4, null, 0, null, null, null, null, null, null, 0, null, null, null), (5, 255, 2.55, -1, 0, 32768, 16777217, 9999.999, 100, 1e-10, 1e15, 0, 127), (6, 10000, 10, 100, 0, 1000000, 1000000, 1000, 10000000, 12345678, 0.001, 0, 1e6), (7, 0, 0, 0, 0, 0, 0.001, 0.5, 1234567890123456789, 9999999.5, 1e7, 0.5, 0);
update nums set d2 = 12.30, f = 3 where id = 3;
delete from nums where id = 2;

create table strs (id varchar(40) character set utf8mb4 collate utf8mb4_bin primary key, c char(5) not null default 'ab', v varchar(50) default 'it''s "q" \\ x', nv national varchar(10), e0 char(0), vb varbinary(20) default 'vb', bn binary(4) not null default 'b\0', tb tinyblob, mb mediumblob, lb longblob, tt tinytext, mt mediumtext, lt longtext, l1 varchar(20) character set latin1 default 'café', u2 varchar(20) character set ucs2, u32 varchar(10) character set utf32, sj varchar(20) character set sjis, ko varchar(20) character set euckr, cy varchar(20) character set cp1251, asc7 varchar(10) character set ascii, e enum('a','b''c','d"e','ü','') default 'a', st set('x','y','z') not null default 'x,z', el enum('one','two') character set latin1, j json, jd json default (json_array(1, 2)));
insert into strs (id) values ('defaults');
insert into strs values ('all', '', 'tab\tnl\ncr\r0\0bell\x07del\x7f', 'nätional', '', x'fffefd', x'01020304', x'00', repeat('m', 400), x'fbff', 't', 'm😀', repeat('ü', 200), 'ÿ€œ', '漢', '𝄞', 'カナ', '한글', 'Привет', 'ascii', 'b''c', 'y', 'two', '{"k": [1, -0.0, 1e100, 1.5, true, null, "x\\u0001\\"/", {"n": {}}], "ü": [], "": 0}', '{}'), ('nulls', 'x', null, null, null, null, 'z', null, null, null, null, null, null, null, null, null, null, null, null, null, null, '', null, null, null), ('sp ace  ', ' ', ' x ', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', '', 'x,y,z', 'one', '[]', '"s"'), ('<>&\u2028😀', 'é', '</script>', 'n', '', x'20', 'abcd', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'ü', 'z', null, '123456789012345678901234567890', '1.0');
update strs set v = 'changed', j = json_set(j, '$.k[0]', 2) where id = 'all';
update strs set id = 'moved "key"' where id = 'all';
delete from strs where id = 'nulls';

create table times (id date, k datetime(3), primary key (id, k), d date default '2020-02-29', t0 time default '10:11:12', t1 time(1), t3 time(3) default '00:00:00.001', t6 time(6), dt0 datetime not null default '2001-02-03 04:05:06', dt2 datetime(2), dt3 datetime(3) default '1969-12-31 23:59:59.999', dt5 datetime(5), dt6 datetime(6) default current_timestamp(6), ts0 timestamp null default '2001-02-03 04:05:06', ts1 timestamp(1) null, ts3 timestamp(3) not null default current_timestamp(3), ts6 timestamp(6) null, y year);
insert into times (id, k, dt6, ts3) values ('2026-01-01', '2026-01-01 00:00:00.5', '2026-01-01 00:00:00', '2026-01-01 00:00:00');
insert into times values ('1000-01-01', '9999-12-31 23:59:59.999', '9999-12-31', '00:00:00', '23:59:59.9', '12:00:00.100', '23:59:59.999999', '1000-01-01 00:00:00', '2026-12-31 23:59:59.99', '1000-01-01 00:00:00.001', '2100-02-28 12:00:00.00001', '9999-12-31 23:59:59.999999', '1970-01-01 00:00:01', '2038-01-19 03:14:07.9', '2026-07-01 12:00:00.120', '2026-07-01 12:00:00.000001', 2000), ('1969-12-31', '1969-12-31 23:59:59.001', null, null, null, null, null, '1970-01-01 00:00:00', null, null, null, null, null, null, '2026-01-01 00:00:00.01', null, null), ('2026-03-29', '2026-03-29 02:30:00', '1970-01-01', '02:03:04', '02:03:04.5', '02:03:04.567', '00:00:00.000001', '2026-03-29 02:30:00', '1969-12-31 23:59:59.99', '2262-04-11 23:47:16.854', '1583-01-01 00:00:00.1', '1900-01-01 00:00:00.000001', '2026-03-29 02:30:00', '2026-03-29 02:30:00', '2026-03-29 02:30:00', '2026-03-29 02:30:00.5', 1999);
update times set d = '2026-05-05', ts6 = '2026-05-05 05:05:05.050505' where id = '2026-03-29';
update times set id = '2026-03-30' where id = '2026-03-29';
delete from times where id = '1000-01-01';

create table longtimes (id int primary key, t0 time, t6 time(6));
insert into longtimes values (1, '838:59:59', '838:59:58.999999'), (2, '-838:59:59', '-00:00:00.000001'), (3, '24:00:00', '-01:02:03.5'), (4, '100:00:00.5', '99:59:59.000001');
create table zeros (id int primary key, d date, dn date not null default '0000-00-00', dt datetime, dt6 datetime(6) not null, ts timestamp null, tsn timestamp(3) not null default '0000-00-00 00:00:00', y year);
insert into zeros values (1, '0000-00-00', '0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', '0000-00-00 00:00:00', 0), (2, '2024-00-00', '2024-02-00', '2024-00-10 10:00:00', '2024-01-00 00:00:00.5', null, '2024-01-01 00:00:00', null);

create table shapes (id int primary key, g geometry, p point, l linestring srid 0, po polygon, mp multipoint, ml multilinestring, mpo multipolygon, gc geometrycollection, s point not null srid 4326);
insert into shapes values (1, st_geomfromtext('point(1 2)'), point(-1.5, 1e300), st_geomfromtext('linestring(0 0,1 1)'), st_geomfromtext('polygon((0 0,4 0,4 4,0 0))'), st_geomfromtext('multipoint(0 0,1 1)'), st_geomfromtext('multilinestring((0 0,1 1),(2 2,3 3))'), st_geomfromtext('multipolygon(((0 0,4 0,4 4,0 0)))'), st_geomfromtext('geometrycollection(point(1 1),linestring(0 0,1 1))'), st_geomfromtext('point(10 20)', 4326)), (2, null, null, null, null, null, null, null, null, st_geomfromtext('point(0 0)', 4326)), (3, st_geomfromtext('geometrycollection empty'), point(0, 0), null, null, null, null, null, null, st_geomfromtext('point(-90 180)', 4326));
update shapes set p = point(3, 4) where id = 1;
delete from shapes where id = 2;

create table vectors (id int primary key, v vector(4), w vector);
insert into vectors values (1, string_to_vector('[1,2.5,-3e10,0]'), string_to_vector('[0.1]')), (2, null, null);

create table keyed (e enum('p','q'), bn binary(3), d decimal(6,2), ts timestamp(3), b bit(5), v varchar(10) default 'k', n int, primary key (e, d, bn, ts, b, v));
insert into keyed values ('p', 'ab', 1.50, '2026-01-01 00:00:00.25', b'101', 'x', 1), ('q', x'000000', -1, '2026-01-01 00:00:00', b'0', 'y', 2);
update keyed set n = 3 where e = 'p';
update keyed set d = 2.25 where e = 'p';
delete from keyed where e = 'q';

create table nokey (a int, b varchar(10) default 'none');
insert into nokey (a) values (1), (1);
update nokey set b = null where a = 1 limit 1;
delete from nokey;
create table uniq (a int not null, b varchar(10) not null, c int, unique key (b, a));
insert into uniq values (1, 'x', 1);
update uniq set c = 2;
update uniq set a = 2;
delete from uniq;

create table `odd-name ü.x` (`id"q` int primary key, `sp ace` int, `a.b` int, `ü` int, `1st` int);
insert into `odd-name ü.x` values (1, 2, 3, 4, 5);

create table gen (id int primary key, a int default 3, v int as (a * 2) virtual, s int as (a + 1) stored, inv int invisible default 9, ex datetime default (now()), tx varchar(20) default (concat('x', 'y')));
insert into gen (id, ex, tx) values (1, '2026-01-01 00:00:00', 'z');
update gen set a = 5;

create table evolve (id int primary key, a int default 1);
insert into evolve values (1, 1);
alter table evolve add column b varchar(5) not null default 'new' first, modify a bigint default 2;
insert into evolve (id) values (2);
alter table evolve rename column a to z, drop column b, add column c decimal(4,1) default 1.5 after id;
update evolve set z = 5 where id = 1;
alter table evolve drop primary key, add primary key (id, z);
insert into evolve values (3, 1.0, 3);
rename table evolve to evolved;
insert into evolved values (4, null, 4);
truncate table evolved;
insert into evolved values (5, 1, 5);
drop table evolved;

begin; insert into ints (id) values (100); insert into nokey values (2, 'tx'); update ints set t = 1 where id = 100; insert into nums (id) values (100), (101); delete from ints where id = 100; commit;
begin; insert into ints (id) values (101); rollback;
begin; update ints set id = 103 where id = 6; savepoint s; insert into ints (id) values (102); rollback to s; commit;
