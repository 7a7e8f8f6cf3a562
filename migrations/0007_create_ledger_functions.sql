-- The ledger. Invariant, under concurrency and after a crash at any point: spent + reserved <= limit + what a running call used beyond its
-- reservation, and the sum of usage rows = spent, to the nano-dollar.

-- The period that an instant falls in, in UTC; a week begins on Monday.
create function period_start(period text, at timestamptz) returns timestamptz language sql stable as $$
  select date_trunc(period, at at time zone 'UTC') at time zone 'UTC'
$$;

create function period_end(period text, starts_at timestamptz) returns timestamptz language sql stable as $$
  select (starts_at at time zone 'UTC' + ('1 ' || period)::interval) at time zone 'UTC'
$$;

-- The budgets that a call draws on. A call paid by a person's own key counts only where the budget says so.
create function applicable_budgets(in_workspace uuid, in_actor uuid, in_api_key uuid, is_own_key boolean) returns setof budget language sql stable as $$
  select * from budget
  where (workspace_id = in_workspace and (scope = 'workspace' and scope_id = in_workspace
      or scope = 'user' and scope_id = in_actor or scope = 'api-key' and scope_id = in_api_key))
    and (not is_own_key or covers_own_keys)
$$;

-- Locks, by id, the periods that running tasks hold and the current ones of these budgets, making those that have not begun. Whoever touches periods
-- calls this first, for all of its items at once: taking the locks in one order is what keeps batches from deadlocking, and reading them locked is what
-- keeps two calls from passing together.
create function lock_periods(in_tasks uuid[], in_budgets uuid[], at timestamptz) returns void language plpgsql as $$
begin
  if cardinality(in_budgets) > 0 then
    insert into budget_period (budget_id, starts_at, ends_at, limit_nano_usd)
    select b.id, period_start(b.period, at), period_end(b.period, period_start(b.period, at)), b.limit_nano_usd
    from budget b where b.id = any (in_budgets)
      and not exists (select from budget_period p where p.budget_id = b.id and p.starts_at = period_start(b.period, at))
    order by b.id
    on conflict do nothing;
  end if;
  if cardinality(in_tasks) = 0 and cardinality(in_budgets) = 0 then return; end if;
  perform 1 from budget_period p
  where (p.budget_id, p.starts_at) in (
    select u.budget_id, u.starts_at from task t, unnest(t.budget_ids, t.period_starts_at) as u (budget_id, starts_at) where t.id = any (in_tasks)
    union select b.id, period_start(b.period, at) from budget b where b.id = any (in_budgets))
  order by p.budget_id, p.starts_at for update;
end
$$;

-- Takes `amount` from every applicable budget or from none, and answers with the error code where one refuses. Periods must be locked.
-- A null amount is a call whose price is unknown.
create function reserve(in_workspace uuid, in_actor uuid, in_api_key uuid, is_own_key boolean, amount bigint, at timestamptz,
  out refusal text, out budget_ids uuid[], out starts timestamptz[]) language plpgsql as $$
declare
  is_exhausted boolean;
begin
  budget_ids := '{}';
  starts := '{}';
  if amount = 0 then return; end if;

  select coalesce(array_agg(p.budget_id order by p.budget_id), '{}'), coalesce(array_agg(p.starts_at order by p.budget_id), '{}'),
    coalesce(bool_or(p.spent_nano_usd + p.reserved_nano_usd + amount > p.limit_nano_usd), false)
  into budget_ids, starts, is_exhausted
  from applicable_budgets(in_workspace, in_actor, in_api_key, is_own_key) b
  join budget_period p on p.budget_id = b.id and p.starts_at = period_start(b.period, at);
  if cardinality(budget_ids) = 0 then return; end if;

  if amount is null then
    refusal := 'model.price_unknown';
  elsif is_exhausted then
    refusal := 'budget.exhausted';
  end if;
  if refusal is not null then
    budget_ids := '{}';
    starts := '{}';
    return;
  end if;

  update budget_period p set reserved_nano_usd = p.reserved_nano_usd + amount
  from unnest(budget_ids, starts) as u (budget_id, starts_at)
  where p.budget_id = u.budget_id and p.starts_at = u.starts_at;
end
$$;

-- More for a running task whose answer grows past its tranche. Answers whether it was granted.
create function extend_reservation(in_task uuid, amount bigint) returns boolean language plpgsql as $$
declare
  held task;
begin
  select * into held from task where id = in_task and status = 'running';
  if not found then return false; end if;
  if cardinality(held.budget_ids) = 0 then return true; end if;

  perform lock_periods(array[in_task], '{}', now());
  perform 1 from task where id = in_task and status = 'running' for update;
  if not found then return false; end if;
  if exists (
    select from budget_period p join unnest(held.budget_ids, held.period_starts_at) as u (budget_id, starts_at) using (budget_id, starts_at)
    where p.spent_nano_usd + p.reserved_nano_usd + amount > p.limit_nano_usd
  ) then
    return false;
  end if;
  update budget_period p set reserved_nano_usd = p.reserved_nano_usd + amount
  from unnest(held.budget_ids, held.period_starts_at) as u (budget_id, starts_at)
  where p.budget_id = u.budget_id and p.starts_at = u.starts_at;
  update task set reserved_nano_usd = reserved_nano_usd + amount where id = in_task;
  return true;
end
$$;
