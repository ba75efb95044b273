-- What only MariaDB has.
drop database ddl_a;
create database ddl_a character set utf8mb4;
use ddl_a;
create table m_types (a uuid, b inet6, c inet4, d uuid not null default uuid(), e inet6 default '::1', f inet4 default '1.2.3.4', g json, h longtext check (json_valid(h)), i longtext, j varchar(9) default 'x');
create table m_uuid_names (uuid uuid, inet6 int, inet4 varchar(3));
alter table m_types add column k uuid first, modify i json, modify h longtext;
alter table m_types change g g2 json not null, add l inet6 not null after a;
-- unknown mariadb: compressed bytes
create table m_compressed (a varchar(100) compressed, b text compressed, c blob compressed=zlib, d varbinary(9) compressed);
create table m_versioned (a int, b varchar(5)) with system versioning;
create table m_versioned_2 (a int, s timestamp(6) generated always as row start, e timestamp(6) generated always as row end, period for system_time (s, e)) with system versioning;
create table m_versioned_3 (a int, b int without system versioning) with system versioning;
-- unknown mariadb: WITH SYSTEM VERSIONING of a column
create table m_versioned_4 (a int with system versioning, b int);
create table m_versioned_5 (a int) with system versioning partition by system_time (partition p0 history, partition pn current);
create table m_versioned_6 (a int primary key, b int unique) with system versioning;
create table m_versioned_like like m_versioned;
create table m_plain (a int);
alter table m_plain add system versioning;
alter table m_plain drop system versioning;
alter table m_plain add system versioning, add column b int;
set system_versioning_alter_history = keep;
alter table m_versioned add column c int;
alter table m_versioned drop column b;
set system_versioning_alter_history = error;
-- unknown mariadb: application-time periods
create table m_period (a int, s date, e date, period for p (s, e));
-- unknown mariadb
create table m_period_2 (a int, s date, e date, period for p (s, e), primary key (a, p without overlaps));
alter table m_period drop period for p;
-- unknown mariadb
alter table m_period add period for p (s, e);
create table m_hidden (a int invisible default 5, b int);
create table m_expr (a int default (1 + 2), b varchar(40) default uuid(), c datetime default (now() + interval 1 day), d blob default 'x', e text default concat('a', 'b'), f int default nextval(m_seq_0));
create sequence m_seq start with 10 increment by 5 minvalue 1 maxvalue 1000 cache 10 cycle;
create or replace sequence m_seq;
create sequence if not exists m_seq;
-- unknown mariadb: NEXT VALUE FOR
create table m_default_seq (a int default nextval(m_seq), b int default next value for m_seq);
alter sequence m_seq restart 50;
rename table m_seq to m_seq_2;
drop sequence m_seq_2;
create sequence m_seq_3 nocache;
drop table m_seq_3;
set statement max_statement_time = 10 for create table m_set (a int, b int);
set statement max_statement_time = 10, sql_mode = '' for alter table m_set add column c int;
create table m_ignored (a int, key k (a) ignored, unique key u (a) not ignored);
alter table m_ignored alter index k not ignored;
alter table m_ignored alter key u ignored;
create table m_aria (a int) engine = aria transactional = 1 page_checksum = 1;
create table m_options (a int) page_compressed = 1 page_compression_level = 5 encrypted = no;
create table m_check (a int, b int, constraint c1 check (a > b), check (a < 5));
-- unknown mariadb
alter table m_check add constraint if not exists c2 check (a > 0), drop constraint if exists c1;
alter table m_check drop constraint if exists nope;
-- unknown mariadb
alter table m_check rename index if exists nope to n2;
create or replace table m_check (a int unique);
create table m_uca (a varchar(5) character set utf8mb4 collate uca1400_ai_ci, b varchar(5) collate utf8mb4_uca1400_as_cs) collate utf8mb4_uca1400_ai_ci;
alter table m_uca convert to character set utf8mb3 collate uca1400_ai_ci;
set character_set_collations = 'utf8mb4=uca1400_ai_ci,latin1=latin1_bin';
create table m_collations (a varchar(3) character set latin1, b varchar(3) character set utf8mb4, c varchar(3)) character set utf8mb4;
create database ddl_m character set latin1;
alter table m_collations convert to character set latin1;
set character_set_collations = '';
create table m_foreign (a int primary key, b int references m_foreign (a));
create table m_row_format (a int) row_format = page engine = aria;
alter table m_plain add column if not exists (x int, y int), drop column if exists zz;
drop table m_plain, m_set wait 5;
truncate table m_check nowait;
create index wi on m_check (a) wait 5;
drop index wi on m_check nowait;
lock tables m_check write;
alter table m_check add column locked int;
unlock tables;
create table m_ucs (a varchar(5) character set ucs2, b enum('ä') character set ucs2, c text character set utf16, d varchar(3) character set utf32);
create table m_like_select as select a, b from m_types;
create table m_json_select as select g2 from m_types;
create table m_virtual (a int, b int as (a + 1) persistent, c int as (a) virtual invisible, d int generated always as (a * 2) stored unique);
alter table m_virtual modify b int as (a + 2) persistent, add e int as (a) after a;
create package pk1 as procedure p(); end;
begin not atomic create table m_compound (a int); alter table m_compound add b int; end;
