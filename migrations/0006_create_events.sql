-- What happened in a turn, merged: a row covers the events first_seq..last_seq of an epoch. Partitioned by day and dropped by partition.
create table turn_event (
  turn_id uuid not null,
  epoch int not null,
  first_seq int not null,
  last_seq int not null,
  events jsonb not null,
  created_at timestamptz not null default now(),
  primary key (turn_id, epoch, first_seq, created_at)
) partition by range (created_at);
create table turn_event_default partition of turn_event default;

-- Streams of people (and later workspaces): a position comes from the counter row inside the writing transaction, after its other writes, since
-- a database sequence would commit out of order.
create table stream_counter (
  stream_id uuid primary key,
  last_seq bigint not null
);

create table user_event (
  stream_id uuid not null,
  seq bigint not null,
  event jsonb not null,
  created_at timestamptz not null default now(),
  primary key (stream_id, seq, created_at)
) partition by range (created_at);
create table user_event_default partition of user_event default;
