-- Tables that only grow are cut by time: a day of events goes by dropping its table. Rows that come before their table is made land in the default
-- partition, and are moved when it is.

-- Answers whether it made the partition [in_from, in_to).
create function make_partition(in_parent text, in_suffix text, in_from timestamptz, in_to timestamptz) returns boolean language plpgsql as $$
declare
  child constant text := in_parent || '_' || in_suffix;
begin
  if to_regclass(format('%I', child)) is not null then return false; end if;
  -- Writers wait for the few milliseconds from here on, or a row of theirs could be on its way into the default partition.
  execute format('lock table %I in access exclusive mode', in_parent || '_default');
  execute format('create table %I (like %I including defaults including constraints including storage)', child, in_parent);
  execute format('with moved as (delete from %I where created_at >= %L and created_at < %L returning *) insert into %I select * from moved',
    in_parent || '_default', in_from, in_to, child);
  execute format('alter table %I attach partition %I for values from (%L) to (%L)', in_parent, child, in_from, in_to);
  return true;
end
$$;

-- Those of the days from today (UTC) on, and of the months. Cheap where they are there. Answers how many it made.
-- Who holds a table for long (a backup) is not queued behind: everybody who writes would stand behind this.
create function make_partitions(days_ahead int) returns int language plpgsql set lock_timeout = '3s' as $$
declare
  today constant timestamp := date_trunc('day', now() at time zone 'UTC');
  made int := 0;
  parent text;
  starts timestamp;
begin
  for parent, starts in
    select p, today + make_interval(days => d) from unnest(array['turn_event', 'user_event']) p, generate_series(0, days_ahead) d
  loop
    if to_regclass(format('%I', parent || to_char(starts, '_YYYY_MM_DD'))) is null then
      perform pg_advisory_xact_lock(hashtext('make_partitions'));
      made := made + make_partition(parent, to_char(starts, 'YYYY_MM_DD'), starts at time zone 'UTC', (starts + interval '1 day') at time zone 'UTC')::int;
    end if;
  end loop;
  for starts in select distinct date_trunc('month', today + make_interval(days => d)) from generate_series(0, days_ahead) d loop
    if to_regclass(format('%I', 'usage' || to_char(starts, '_YYYY_MM'))) is null then
      perform pg_advisory_xact_lock(hashtext('make_partitions'));
      made := made + make_partition('usage', to_char(starts, 'YYYY_MM'), starts at time zone 'UTC', (starts + interval '1 month') at time zone 'UTC')::int;
    end if;
  end loop;
  return made;
end
$$;

-- Events older than so many days: whole partitions, and what is in the default one. Answers how many partitions went.
create function drop_old_events(days_kept int) returns int language plpgsql set lock_timeout = '3s' as $$
declare
  before constant timestamp := date_trunc('day', now() at time zone 'UTC') - make_interval(days => days_kept);
  dropped int := 0;
  parent text;
  child text;
begin
  foreach parent in array array['turn_event', 'user_event'] loop
    for child in
      select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = to_regclass(parent) and c.relname ~ (parent || '_\d{4}_\d\d_\d\d$') and to_date(right(c.relname, 10), 'YYYY_MM_DD') < before
    loop
      execute format('drop table %I', child);
      dropped := dropped + 1;
    end loop;
    execute format('delete from %I where created_at < %L', parent || '_default', before at time zone 'UTC');
  end loop;
  return dropped;
end
$$;
