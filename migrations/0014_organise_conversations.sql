-- What is searched of each message that is settled: rows of their own, written after the message by a poller, and taken away with it. The text is not
-- repeated here, only its words; a long message is several rows, since a tsvector holds a megabyte at most.
create table message_text (
  message_id uuid not null references message on delete cascade,
  piece int not null,
  workspace_id uuid not null,
  conversation_id uuid not null,
  owner_id uuid not null,
  -- The model that answered here, or to this.
  model_id uuid,
  -- The agent that answered here, or this.
  agent_id uuid,
  -- Of the stems beside the words as they were written.
  language text,
  created_at timestamptz not null,
  -- Also holds whose it is, its model, agent and month, so that the index alone finds what is both somebody's and about something.
  words tsvector not null,
  primary key (message_id, piece)
);
-- What is pending in a list of its own would be read through by every search.
create index message_text_words on message_text using gin (words) with (fastupdate = off);
create index message_text_recent on message_text (owner_id, workspace_id, created_at desc);
create index message_text_language on message_text (owner_id, workspace_id, language);
create index message_text_conversation on message_text (conversation_id);

-- Up to which serial the messages of a conversation are in `message_text` without a gap.
create table indexed_conversation (
  conversation_id uuid primary key references conversation on delete cascade,
  workspace_id uuid not null,
  serial int not null
);

-- What changed before this moment has been looked at. One row of the server itself.
create table search_progress (
  workspace_id uuid primary key references workspace on delete cascade,
  checked_until timestamptz(3) not null
);
insert into search_progress values ('00000000-0000-7000-8000-000000000001', '-infinity');
create index conversation_updated on conversation (updated_at);

-- What people read of a message.
create function message_plain_text(parts jsonb) returns text language sql immutable as $$
  select string_agg(coalesce(p ->> 'text', p ->> 'fallback'), E'\n\n' order by position)
  from jsonb_array_elements(parts) with ordinality as part (p, position) where p ->> 'type' in ('text', 'surface')
$$;

-- The stems of these words that are not among them.
create function other_stems(words text[], dictionary regdictionary) returns text[] language sql stable as $$
  select coalesce(array_agg(distinct stem), '{}') from unnest(words) word, unnest(ts_lexize(dictionary, word)) stem where stem <> '' and stem <> all (words)
$$;

-- The languages of somebody's messages: from each to the next in the index, however many messages there are.
create function languages_of(in_owner uuid, in_workspace uuid) returns setof text language sql stable as $$
  with recursive known (language) as (
    (select language from message_text where owner_id = in_owner and workspace_id = in_workspace and language is not null order by language limit 1)
    union all
    select (select x.language from message_text x where x.owner_id = in_owner and x.workspace_id = in_workspace and x.language > known.language order by x.language limit 1)
    from known where known.language is not null
  ) select language from known where language is not null
$$;

/*
 * The best messages for a query. `everywhere` names the owner and is looked up in the index; `lately` may be broader (beginnings of words that are too short
 * for it) and is looked for in the newest messages only. What more than `most` messages say is ranked among so many of them and the newest; where somebody has
 * very many messages and a fortieth of the newest say it, among these.
 */
create function find_messages(in_owner uuid, in_workspace uuid, everywhere tsquery, lately tsquery, since timestamptz, until timestamptz, in_model uuid, in_agent uuid, newest int, most int, wanted int)
returns table (message_id uuid, piece int, conversation_id uuid, rank float8) language plpgsql stable
-- A scan of the whole table looks cheap to the planner where it expects many hits, and is not where there are none.
set enable_seqscan = off set plan_cache_mode = force_custom_plan set work_mem = '32MB' as $$
begin
  return query
  with recent as materialized (
    select r.* from (
      select x.message_id, x.piece, x.conversation_id, x.created_at, x.words from message_text x
      where x.owner_id = in_owner and x.workspace_id = in_workspace and x.created_at >= since and x.created_at < until
        and (in_model is null or x.model_id = in_model) and (in_agent is null or x.agent_id = in_agent)
      order by x.created_at desc limit newest
    ) r where r.words @@ lately
  ), enough as materialized (
    select (select count(*) from recent) >= newest / 40 and exists (
      select from message_text x where x.owner_id = in_owner and x.workspace_id = in_workspace order by x.created_at desc offset 20000 limit 1
    ) as is_so
  ), found as (
    (select x.message_id, x.piece, x.conversation_id, x.created_at, x.words from message_text x
      where not (select is_so from enough) and x.words @@ everywhere and x.workspace_id = in_workspace and x.created_at >= since and x.created_at < until
      limit most)
    union all
    (select * from recent)
  ), best as materialized (
    select f.message_id, min(f.piece) as piece, f.conversation_id,
      -- Half as much after half a year: of two that say the same, people want the newer.
      max(ts_rank(f.words, lately, 1) / (1 + extract(epoch from now() - f.created_at) / 15552000))::float8 as rank
    from found f group by f.message_id, f.conversation_id
    order by rank desc, f.message_id desc
  )
  -- Looked at in their order until there are enough.
  select b.message_id, b.piece, b.conversation_id, b.rank from best b
  cross join lateral (select from conversation c where c.id = b.conversation_id and c.deleted_at is null offset 0) c
  -- Of a deleted branch. It stays in the index, so that taking the deletion back needs nothing.
  cross join lateral (select from message m where m.id = b.message_id and m.deleted_at is null offset 0) m
  limit wanted;
end
$$;

-- Order among conversations. Tags are words of their owner; a conversation may have several, so they are not places as folders are.
alter table conversation
  add column pinned_at timestamptz,
  add column archived_at timestamptz,
  add column tags text[] not null default '{}',
  -- To the millisecond, as `updated_at`: a page of the trash ends at (deleted_at, id).
  alter column deleted_at type timestamptz(3);
drop index conversation_list;
create index conversation_list on conversation (workspace_id, owner_id, (pinned_at is not null), updated_at, id) where deleted_at is null;
create index conversation_trash on conversation (owner_id, workspace_id, deleted_at, id) where deleted_at is not null;

-- Days after which an untouched conversation goes to the trash (null: never), and after which the trash is emptied (null: as the server does it).
alter table workspace_settings
  add column trash_after_days int check (trash_after_days between 1 and 3650),
  add column purge_after_days int check (purge_after_days between 1 and 3650);
