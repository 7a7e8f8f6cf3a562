-- The hot writes of the turn engine: each takes a batch of items as JSON and answers one result an item, in one round trip.
-- Lock order everywhere: conversations, attachments, turns, budget periods, stream counters, each by id.
-- What they call is PL/pgSQL, whose plans are kept for the session; a function in SQL that cannot be inlined is planned again in each statement. For the same
-- reason their plans are always the generic ones: every statement goes by a key, and planning would take twice as long as running.

create function instant_text(at timestamptz) returns text language sql stable as $$
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

-- The wire shape of a conversation, for the events that are written where it changes. Mirrors `present.ts` of the conversations feature (a test compares them).
create function conversation_json(c conversation) returns jsonb language plpgsql stable as $$
begin
  return jsonb_build_object('id', c.id, 'workspaceId', c.workspace_id, 'title', c.title, 'source', c.source, 'headId', c.head_id,
    'modelId', c.model_id, 'connectionId', c.connection_id, 'agentId', c.agent_id, 'lastMessagePreview', c.last_message_preview,
    'forkedFromConversationId', c.forked_from_conversation_id, 'forkedFromMessageId', c.forked_from_message_id,
    'spawnedByConversationId', c.spawned_by_conversation_id, 'spawnedByMessageId', c.spawned_by_message_id,
    'expiresAt', instant_text(c.expires_at),
    'isAnswering', exists (select from turn t where t.conversation_id = c.id and t.state in ('queued', 'running', 'waiting')),
    'isPinned', c.pinned_at is not null, 'isArchived', c.archived_at is not null, 'tags', c.tags,
    'showsUsage', c.shows_usage, 'usageAlertNanoUsd', c.usage_alert_nano_usd::text, 'usageAlertedAt', instant_text(c.usage_alerted_at),
    'createdAt', instant_text(c.created_at), 'updatedAt', instant_text(c.updated_at));
end
$$;

-- Appends to the streams of people. `events` is [[stream id, event], …]. Positions come from a counter row, taken last in the transaction.
create function append_user_events(events jsonb) returns void language plpgsql as $$
begin
  if jsonb_array_length(events) = 0 then return; end if;
  with added as (
    select (e ->> 0)::uuid as stream_id, count(*) as count from jsonb_array_elements(events) e group by 1
  ), counter as (
    insert into stream_counter as c (stream_id, last_seq) select stream_id, count from added order by stream_id
    on conflict (stream_id) do update set last_seq = c.last_seq + excluded.last_seq
    returning c.stream_id, c.last_seq
  )
  insert into user_event (stream_id, seq, event)
  select a.stream_id, c.last_seq - a.count + row_number() over (partition by a.stream_id order by e.position), e.item -> 1
  from jsonb_array_elements(events) with ordinality as e (item, position)
  join added a on a.stream_id = (e.item ->> 0)::uuid
  join counter c on c.stream_id = a.stream_id;
end
$$;

-- Where a message goes in the tree: the parent's branch if it is the first child, else a branch of its own.
create function place_message(in_workspace uuid, in_conversation uuid, in_parent uuid, new_branch uuid, out branch uuid, out depth int) language plpgsql as $$
declare
  is_first boolean;
begin
  if in_parent is null then
    depth := 0;
  else
    select m.branch_id, m.depth + 1, not exists (select from message k where k.conversation_id = in_conversation and k.parent_id = in_parent)
    into branch, depth, is_first from message m where m.id = in_parent;
    if is_first then return; end if;
  end if;
  insert into branch (id, workspace_id, conversation_id, parent_branch_id, fork_depth)
  values (new_branch, in_workspace, in_conversation, place_message.branch, place_message.depth);
  branch := new_branch;
end
$$;

-- A turn's change with its conversation as it stands then (null once that is deleted): one row, which readers take apart into the two events of the contract.
create function turn_event_json(c conversation, in_turn uuid, in_state text, in_user_message uuid, in_answer uuid) returns jsonb language plpgsql stable as $$
begin
  return jsonb_build_object('type', 'turn-changed', 'conversationId', c.id, 'turnId', in_turn, 'state', in_state,
    'userMessageId', in_user_message, 'answerMessageId', in_answer,
    'conversation', case when c.deleted_at is null then conversation_json(c) end);
end
$$;

-- Whether what follows this answer has to wait: the answer is not finished, or it was withdrawn before it began and the one before it is not finished.
create function is_answering_before(in_answer uuid) returns boolean language plpgsql stable as $$
declare
  before record;
  answer uuid := in_answer;
begin
  loop
    select t.state, t.user_message_id, exists (select from task where task.turn_id = t.id) as has_begun into before from turn t where t.answer_message_id = answer;
    if not found then return false; end if;
    if before.state in ('queued', 'running', 'waiting') then return true; end if;
    if before.has_begun then return false; end if;
    select m.parent_id into answer from message m where m.id = before.user_message_id;
  end loop;
end
$$;

-- Keeps an immutable settings row once, however many tasks share it.
create function keep_settings(in_workspace uuid, s jsonb) returns uuid language plpgsql as $$
declare
  kept uuid;
begin
  insert into settings_snapshot (id, workspace_id, hash, provider, model_id, model_name, connection_id, key_origin, system_prompt, settings, price)
  values ((s ->> 'id')::uuid, in_workspace, decode(s ->> 'hash', 'hex'), s ->> 'provider', (s ->> 'modelId')::uuid, s ->> 'modelName',
    (s ->> 'connectionId')::uuid, s ->> 'keyOrigin', s ->> 'systemPrompt', s -> 'settings', s -> 'price')
  on conflict (workspace_id, hash) do nothing;
  select id into kept from settings_snapshot where workspace_id = in_workspace and hash = decode(s ->> 'hash', 'hex');
  return kept;
end
$$;

-- The message of a conversation that has this id on its platform.
create function message_replied_to(in_conversation uuid, in_external_id text) returns uuid language plpgsql stable as $$
begin
  if in_external_id is null then return null; end if;
  return (select m.id from message m where m.conversation_id = in_conversation and m.external_id = in_external_id order by m.serial desc limit 1);
end
$$;

/*
 * Accepts turns: [{turnId, taskId, workspaceId, conversationId|null, actorId, actorWorkspaceIds, apiKeyId, processId, userMessageId, answerMessageId,
 *   userBranchId, answerBranchId, parts|null, preview, title, hasParent, parentId, tryAgain, settingsId|null, settings, isOwnKey, reserveNanoUsd|null,
 *   prompt, idempotencyKey, fingerprint, of a message with files: attachments [{id, source|null}], of an answer that goes on with another one: begunParts, step, and of a guest's message: isGuest, installationId, externalId, structuredPrompt, language, replyTo, entityType, entityId}]
 * Answers [{error} | {turnId, state, userMessageId, answerMessageId, settingsId, ownerId, isReplay}]. A refused item changes nothing and does not hinder the others.
 */
create function accept_turns(items jsonb) returns jsonb language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  at constant timestamptz := now();
  item jsonb;
  results jsonb := '[]';
  events jsonb := '[]';
  c conversation;
  found_turn turn;
  after_message uuid;
  asked message;
  refusal text;
  held record;
  new_state text;
  spot record;
  user_message uuid;
  settings uuid;
begin
  perform 1 from conversation where id in (select (i ->> 'conversationId')::uuid from jsonb_array_elements(items) i) order by id for update;
  if items @? '$[*].attachments' then
    perform 1 from attachment where id in (
      select coalesce(a ->> 'source', a ->> 'id')::uuid from jsonb_array_elements(items) i, jsonb_array_elements(i -> 'attachments') a
    ) order by id for update;
  end if;
  perform lock_periods('{}', array(
    select distinct b.id from jsonb_array_elements(items) i,
      applicable_budgets((i ->> 'workspaceId')::uuid, (i ->> 'actorId')::uuid, (i ->> 'apiKeyId')::uuid, (i ->> 'isOwnKey')::boolean) b
    where i ->> 'reserveNanoUsd' is distinct from '0'), at);

  for item in select * from jsonb_array_elements(items) loop
    refusal := null;
    new_state := 'running';
    user_message := null;
    after_message := null;
    c := null;

    if exists (select from user_account u where u.id = (item ->> 'actorId')::uuid and u.status <> 'active') then
      results := results || jsonb_build_object('error', 'auth.disabled');
      continue;
    end if;

    if item ->> 'idempotencyKey' is not null then
      select * into found_turn from turn t where t.actor_id = (item ->> 'actorId')::uuid and t.idempotency_key = item ->> 'idempotencyKey';
      if found then
        results := results || case when found_turn.fingerprint = decode(item ->> 'fingerprint', 'hex')
          then jsonb_build_object('turnId', found_turn.id, 'state', found_turn.state, 'userMessageId', found_turn.user_message_id,
            'answerMessageId', found_turn.answer_message_id, 'settingsId', found_turn.settings_id, 'parentId', null, 'isReplay', true)
          else jsonb_build_object('error', 'idempotency.mismatch') end;
        continue;
      end if;
    end if;

    if item ->> 'conversationId' is not null then
      select * into c from conversation where id = (item ->> 'conversationId')::uuid and deleted_at is null and workspace_id = (item ->> 'workspaceId')::uuid
        and (owner_id = (item ->> 'actorId')::uuid
          or installation_id = (item ->> 'installationId')::uuid
          or visibility = 'workspace' and source in ('web', 'api') and item -> 'actorWorkspaceIds' ? (workspace_id::text));
      if not found then
        results := results || jsonb_build_object('error', 'conversation.not_found');
        continue;
      end if;

      -- The message was kept for a person before, so no turn has its key.
      if (item ->> 'isGuest')::boolean and exists (select from message where id = (item ->> 'userMessageId')::uuid) then
        results := results || jsonb_build_object('error', 'idempotency.mismatch');
        continue;
      end if;

      if c.handled_by = 'person' then
        results := results || jsonb_build_object('error', 'inbox.taken_over');
        continue;
      end if;

      if item ->> 'tryAgain' is not null then
        select * into asked from message m where m.id = (item ->> 'tryAgain')::uuid and m.conversation_id = c.id and m.role = 'user' and m.deleted_at is null;
        if not found then
          results := results || jsonb_build_object('error', 'message.not_found');
          continue;
        end if;
        user_message := asked.id;
        after_message := asked.parent_id;
      else
        after_message := case when (item ->> 'hasParent')::boolean then (item ->> 'parentId')::uuid else c.head_id end;
        if after_message is not null and not exists (
          select from message m where m.id = after_message and m.conversation_id = c.id and m.deleted_at is null
            -- What was said to a person has no turn, and a model may answer after it; so it may where the answers were deleted.
            and (m.role <> 'user' or c.source not in ('web', 'api') and not exists (select from turn t where t.user_message_id = m.id)
              or not exists (select from message k where k.conversation_id = c.id and k.parent_id = m.id and k.deleted_at is null))
        ) then
          results := results || jsonb_build_object('error', 'message.not_found');
          continue;
        end if;
      end if;

      -- A message sent while the answer before it is still being written waits its turn.
      if is_answering_before(after_message) then
        new_state := 'queued';
        if (select count(*) from turn t where t.conversation_id = c.id and t.state = 'queued') >= 20 then
          results := results || jsonb_build_object('error', 'turn.too_many_queued');
          continue;
        end if;
      end if;
    end if;

    if item ? 'attachments' and not can_attach(item, c.id) then
      results := results || jsonb_build_object('error', 'attachment.not_ready');
      continue;
    end if;

    -- A queued turn reserves when it starts.
    select * into held from reserve((item ->> 'workspaceId')::uuid, (item ->> 'actorId')::uuid, (item ->> 'apiKeyId')::uuid, (item ->> 'isOwnKey')::boolean,
      case when new_state = 'queued' then 0 else (item ->> 'reserveNanoUsd')::bigint end, at);
    if held.refusal is not null then
      results := results || jsonb_build_object('error', held.refusal);
      continue;
    end if;

    settings := coalesce((item ->> 'settingsId')::uuid, keep_settings((item ->> 'workspaceId')::uuid, item -> 'settings'));

    if c.id is not null then
      if user_message is null then
        user_message := (item ->> 'userMessageId')::uuid;
        select * into spot from place_message(c.workspace_id, c.id, after_message, (item ->> 'userBranchId')::uuid);
        insert into message (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, parts, external_id, structured_prompt, language,
          reply_to_id, entity_type, entity_id)
        values (user_message, c.workspace_id, c.id, after_message, spot.branch, spot.depth, c.next_serial, (item ->> 'actorId')::uuid, 'user', item -> 'parts',
          item ->> 'externalId', item ->> 'structuredPrompt', item ->> 'language', message_replied_to(c.id, item ->> 'replyTo'),
          item ->> 'entityType', item ->> 'entityId');
        c.next_serial := c.next_serial + 1;
        spot.depth := spot.depth + 1;
        if item ? 'attachments' then perform attach_files(item, c.id, user_message); end if;
      else
        select * into spot from place_message(c.workspace_id, c.id, user_message, (item ->> 'answerBranchId')::uuid);
      end if;
      insert into message (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, parts, turn_id)
      values ((item ->> 'answerMessageId')::uuid, c.workspace_id, c.id, user_message, spot.branch, spot.depth, c.next_serial,
        '00000000-0000-7000-8000-000000000002', 'assistant', coalesce(item -> 'begunParts', '[]'), (item ->> 'turnId')::uuid);
      update conversation set head_id = (item ->> 'answerMessageId')::uuid, next_serial = c.next_serial + 1, updated_at = at,
        title = case when title = '' then coalesce(item ->> 'title', '') else title end,
        last_message_preview = coalesce(item ->> 'preview', last_message_preview)
      where id = c.id returning * into c;
    end if;

    insert into turn (id, workspace_id, actor_id, conversation_id, user_message_id, answer_message_id, state, process_id, settings_id, api_key_id,
      idempotency_key, fingerprint, started_at)
    values ((item ->> 'turnId')::uuid, (item ->> 'workspaceId')::uuid, (item ->> 'actorId')::uuid, c.id, user_message,
      case when c.id is not null then (item ->> 'answerMessageId')::uuid end, new_state,
      case when new_state = 'running' then (item ->> 'processId')::uuid end, settings, (item ->> 'apiKeyId')::uuid,
      item ->> 'idempotencyKey', decode(item ->> 'fingerprint', 'hex'), case when new_state = 'running' then at end);

    if new_state = 'running' then
      insert into task (id, workspace_id, turn_id, step, attempt, status, settings_id, prompt, reserved_nano_usd, budget_ids, period_starts_at)
      values ((item ->> 'taskId')::uuid, (item ->> 'workspaceId')::uuid, (item ->> 'turnId')::uuid, coalesce((item ->> 'step')::int, 1), 1, 'running', settings, coalesce(item -> 'prompt', '{}'),
        case when cardinality(held.budget_ids) > 0 then (item ->> 'reserveNanoUsd')::bigint else 0 end, held.budget_ids, held.starts);
    end if;

    if c.id is not null then
      events := events
        || jsonb_build_array(jsonb_build_array(c.owner_id, turn_event_json(c, (item ->> 'turnId')::uuid, new_state, user_message, (item ->> 'answerMessageId')::uuid)));
    end if;
    results := results || jsonb_build_object('turnId', item ->> 'turnId', 'state', new_state, 'userMessageId', user_message,
      'answerMessageId', case when c.id is not null then item ->> 'answerMessageId' end, 'settingsId', settings, 'parentId', after_message, 'ownerId', c.owner_id, 'isReplay', false);
  end loop;

  perform append_user_events(events);
  return results;
end
$$;

-- Ends a running task once: its usage row, its reservation, its counts. Answers whether it was still running. Periods must be locked.
create function end_task(in_task uuid, t jsonb) returns boolean language plpgsql as $$
declare
  ended task;
begin
  update task set status = t ->> 'status', finish_reason = t ->> 'finishReason', provider_request_id = t ->> 'requestId',
    input_tokens = (t -> 'tokens' ->> 'input')::int, output_tokens = (t -> 'tokens' ->> 'output')::int,
    reasoning_tokens = (t -> 'tokens' ->> 'reasoning')::int, cache_read_tokens = (t -> 'tokens' ->> 'cacheRead')::int,
    cache_write_tokens = (t -> 'tokens' ->> 'cacheWrite')::int, is_estimated = (t ->> 'isEstimated')::boolean,
    cost_nano_usd = (t ->> 'costNanoUsd')::bigint, first_token_ms = (t ->> 'firstTokenMs')::int, latency_ms = (t ->> 'latencyMs')::int,
    error = t -> 'error', finished_at = now()
  where id = in_task and status = 'running' returning * into ended;
  if not found then return false; end if;

  insert into usage (id, workspace_id, principal_id, type, purpose, conversation_id, message_id, turn_id, task_id, api_key_id, provider, model_id, model_name,
    connection_id, key_origin, input_tokens, output_tokens, reasoning_tokens, cache_read_tokens, cache_write_tokens, cost_nano_usd, price, is_estimated,
    latency_ms, provider_request_id)
  select (t ->> 'usageId')::uuid, n.workspace_id, n.actor_id, coalesce(s.settings ->> 'usageType', 'user'),
    coalesce(t ->> 'purpose', case when s.settings ->> 'usageType' = 'guardrail' then 'guardrail' else 'answer' end), coalesce((t ->> 'conversationId')::uuid, n.conversation_id),
    coalesce((t ->> 'messageId')::uuid, n.answer_message_id), n.id, ended.id, n.api_key_id,
    s.provider, s.model_id, s.model_name, s.connection_id, s.key_origin, ended.input_tokens, ended.output_tokens, ended.reasoning_tokens,
    ended.cache_read_tokens, ended.cache_write_tokens, ended.cost_nano_usd, s.price, ended.is_estimated, ended.latency_ms, ended.provider_request_id
  from turn n, settings_snapshot s where n.id = ended.turn_id and s.id = ended.settings_id and not t ? 'isUncalled';

  if cardinality(ended.budget_ids) > 0 then
    update budget_period p set spent_nano_usd = p.spent_nano_usd + coalesce(ended.cost_nano_usd, 0), reserved_nano_usd = p.reserved_nano_usd - ended.reserved_nano_usd
    from unnest(ended.budget_ids, ended.period_starts_at) as u (budget_id, starts_at)
    where p.budget_id = u.budget_id and p.starts_at = u.starts_at;
  end if;
  return true;
end
$$;

-- Begins the next model call of a turn. Answers the refusal, or null. Periods must be locked.
create function begin_task(n turn, t jsonb, at timestamptz) returns text language plpgsql as $$
declare
  held record;
begin
  -- Sent again after a connection was lost in the commit.
  if exists (select from task where id = (t ->> 'taskId')::uuid) then return null; end if;
  select * into held from reserve(n.workspace_id, n.actor_id, n.api_key_id, (t ->> 'isOwnKey')::boolean, (t ->> 'reserveNanoUsd')::bigint, at);
  if held.refusal is not null then return held.refusal; end if;
  insert into task (id, workspace_id, turn_id, step, attempt, status, settings_id, prompt, reserved_nano_usd, budget_ids, period_starts_at)
  values ((t ->> 'taskId')::uuid, n.workspace_id, n.id, (t ->> 'step')::int, (t ->> 'attempt')::int, 'running', n.settings_id, coalesce(t -> 'prompt', '{}'),
    case when cardinality(held.budget_ids) > 0 then (t ->> 'reserveNanoUsd')::bigint else 0 end, held.budget_ids, held.starts);
  update turn set step = (t ->> 'step')::int where id = n.id;
  return null;
end
$$;

-- Has the answer of a turn that ended sent to its contact. What ends after a person took over stays unsent.
create function deliver_answer(n turn, c conversation, state text) returns boolean language plpgsql as $$
begin
  if c.installation_id is null or state <> 'completed' or c.handled_by = 'person' then return false; end if;
  insert into delivery (message_id, workspace_id, installation_id, conversation_id)
  values (n.answer_message_id, c.workspace_id, c.installation_id, c.id) on conflict (message_id) do nothing;
  return true;
end
$$;

-- A contact who got no answer is a person's to look after; what they said meanwhile is kept and starts nothing. The conversation must be locked.
create function hand_to_person(in_conversation uuid) returns void language plpgsql as $$
begin
  update conversation set handled_by = 'person' where id = in_conversation and source in ('webhook', 'telegram');
  if found then
    update turn set state = 'stopped', finished_at = now() where conversation_id = in_conversation and state = 'queued';
  end if;
end
$$;

/*
 * Writes what happened in running turns: [{turnId, epoch, processId, log: [{first, last, events}], parts|null, preview|null,
 *   task: {id, status, …}|null                        a model call ended
 *   calls: [{id, step, callId, toolName, arguments, state, isRepeatable, result}]   tool calls begin (or are refused at once)
 *   results: [{id, state, result}]                    tool calls ended
 *   wait: true                                        what still asks a person holds the turn; what was allowed meanwhile runs next
 *   next: {taskId, step, attempt, isOwnKey, reserveNanoUsd, prompt}|null            the next model call begins, unless calls are still open
 *   end: {state, error}|null                          the turn ends }]
 * Answers [{fenced: true} | {stop, refusal|null, run: [call row ids], denied: [{id, result}], waiting, followUps: [turn ids], ownerId, delivers, isWatched}]. A fenced item writes
 * nothing: somebody else has the turn. An item may be sent again when it is not known whether it was written.
 */
create function write_turns(items jsonb) returns jsonb language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
  at constant timestamptz := now();
  ids uuid[] := array(select (i ->> 'turnId')::uuid from jsonb_array_elements(items) i);
  -- Those that may end or begin to wait also write their conversation.
  closing uuid[] := array(select (i ->> 'turnId')::uuid from jsonb_array_elements(items) i where jsonb_typeof(i -> 'end') = 'object' or (i ->> 'wait')::boolean);
  waiting uuid[] := '{}';
  item jsonb;
  results jsonb := '[]';
  events jsonb := '[]';
  n turn;
  c conversation;
  follower turn;
  refused text;
  to_run jsonb;
  denied jsonb;
  follow_ups jsonb;
  is_waiting boolean;
  delivers boolean;
  -- Its owner is to be told when it has cost a certain amount, and was not yet.
  is_watched boolean;
begin
  if cardinality(closing) > 0 then
    perform 1 from conversation where id in (select conversation_id from turn where id = any (closing)) order by id for update;
  end if;
  if cardinality(closing) > 0 then
    -- Those that wait for one of these to end are started below.
    waiting := array(select f.id from turn before join message m on m.conversation_id = before.conversation_id and m.parent_id = before.answer_message_id
      join turn f on f.user_message_id = m.id and f.state = 'queued' where before.id = any (closing));
  end if;
  perform 1 from turn where id = any (ids || waiting) order by id for update;
  perform lock_periods(array(select (i -> 'task' ->> 'id')::uuid from jsonb_array_elements(items) i where jsonb_typeof(i -> 'task') = 'object'),
    array(select distinct b.id from jsonb_array_elements(items) i join turn t on t.id = (i ->> 'turnId')::uuid,
      applicable_budgets(t.workspace_id, t.actor_id, t.api_key_id, (i -> 'next' ->> 'isOwnKey')::boolean) b
      where jsonb_typeof(i -> 'next') = 'object' and i -> 'next' ->> 'reserveNanoUsd' is distinct from '0'), at);

  for item in select * from jsonb_array_elements(items) loop
    select * into n from turn where id = (item ->> 'turnId')::uuid;
    if not found or n.epoch <> (item ->> 'epoch')::int or n.state <> 'running' then
      results := results || jsonb_build_object('fenced', true);
      continue;
    end if;
    refused := null;
    to_run := '[]';
    denied := '[]';
    follow_ups := '[]';
    is_waiting := false;
    delivers := false;
    is_watched := false;

    insert into turn_event (turn_id, epoch, first_seq, last_seq, events)
    select n.id, n.epoch, (l ->> 'first')::int, (l ->> 'last')::int, l -> 'events' from jsonb_array_elements(item -> 'log') l
    where not exists (select from turn_event e where e.turn_id = n.id and e.epoch = n.epoch and e.first_seq = (l ->> 'first')::int);

    if jsonb_typeof(item -> 'parts') = 'array' and n.answer_message_id is not null then
      update message set parts = item -> 'parts' where id = n.answer_message_id;
    end if;
    if jsonb_typeof(item -> 'task') = 'object' then
      perform end_task((item -> 'task' ->> 'id')::uuid, item -> 'task');
    end if;
    if jsonb_typeof(item -> 'calls') = 'array' then
      insert into tool_call (id, workspace_id, turn_id, step, call_id, tool_name, arguments, state, is_repeatable, result, started_at, finished_at)
      select (k ->> 'id')::uuid, n.workspace_id, n.id, (k ->> 'step')::int, k ->> 'callId', k ->> 'toolName', k -> 'arguments', k ->> 'state',
        (k ->> 'isRepeatable')::boolean, k ->> 'result', case when k ->> 'state' = 'running' then at end,
        case when k ->> 'state' in ('denied', 'failed', 'completed') then at end
      from jsonb_array_elements(item -> 'calls') k
      on conflict (id) do nothing;
    end if;
    if jsonb_typeof(item -> 'results') = 'array' then
      update tool_call set state = r ->> 'state', result = r ->> 'result', finished_at = at
      from jsonb_array_elements(item -> 'results') r where tool_call.id = (r ->> 'id')::uuid and tool_call.turn_id = n.id;
    end if;

    if (item ->> 'wait')::boolean then
      with allowed as (
        update tool_call set state = 'running', started_at = at where turn_id = n.id and state = 'allowed' returning id
      ) select coalesce(jsonb_agg(id), '[]') into to_run from allowed;
      select coalesce(jsonb_agg(jsonb_build_object('id', k.id, 'result', k.result)), '[]') into denied
      from tool_call k where k.turn_id = n.id and k.state = 'denied' and k.decided_at is not null;
      is_waiting := to_run = '[]' and n.stop_requested_at is null and exists (select from tool_call where turn_id = n.id and state = 'asked');
      if is_waiting then
        -- Waiting holds no lease and no reservation.
        update turn set state = 'waiting', process_id = null where id = n.id;
      end if;
    end if;

    if jsonb_typeof(item -> 'next') = 'object' and not is_waiting and to_run = '[]' and n.stop_requested_at is null then
      refused := begin_task(n, item -> 'next', at);
    end if;

    if jsonb_typeof(item -> 'end') = 'object' then
      update turn set state = item -> 'end' ->> 'state', error = nullif(item -> 'end' -> 'error', 'null'), finished_at = at, process_id = null where id = n.id;
      -- A turn that ends leaves no call open.
      update tool_call set state = case when state = 'running' then 'interrupted' else 'denied' end, result = 'The turn was stopped.', finished_at = at
      where turn_id = n.id and state in ('asked', 'allowed', 'running');
      if item -> 'end' ->> 'state' = 'failed' then
        perform hand_to_person(n.conversation_id);
        perform note_failed_turn(n.id);
      end if;
      if n.answer_message_id is not null and not is_answering_before(n.answer_message_id) then
        for follower in
          select f.* from turn f join message m on m.id = f.user_message_id
          where f.id = any (waiting) and f.state = 'queued' and m.conversation_id = n.conversation_id and m.parent_id = n.answer_message_id
        loop
          update turn set state = 'running', process_id = (item ->> 'processId')::uuid, started_at = at where id = follower.id;
          follow_ups := follow_ups || to_jsonb(follower.id);
        end loop;
      end if;
    end if;

    if n.conversation_id is not null and (is_waiting or jsonb_typeof(item -> 'end') = 'object') then
      update conversation set updated_at = at, last_message_preview = coalesce(item ->> 'preview', last_message_preview)
      where id = n.conversation_id returning * into c;
      events := events || jsonb_build_array(jsonb_build_array(c.owner_id, turn_event_json(c, n.id,
        case when is_waiting then 'waiting' else item -> 'end' ->> 'state' end, n.user_message_id, n.answer_message_id)));
      is_watched := c.usage_alert_nano_usd is not null and c.usage_alerted_at is null;
      if jsonb_typeof(item -> 'end') = 'object' then
        delivers := deliver_answer(n, c, item -> 'end' ->> 'state');
      end if;
      for follower in select f.* from turn f where f.id in (select (v #>> '{}')::uuid from jsonb_array_elements(follow_ups) v) loop
        events := events || jsonb_build_array(jsonb_build_array(c.owner_id, turn_event_json(c, follower.id, 'running', follower.user_message_id, follower.answer_message_id)));
      end loop;
    end if;
    results := results || jsonb_build_object('stop', n.stop_requested_at is not null, 'refusal', refused, 'run', to_run, 'denied', denied, 'waiting', is_waiting,
      'followUps', follow_ups, 'ownerId', c.owner_id, 'delivers', delivers, 'isWatched', is_watched);
  end loop;

  perform append_user_events(events);
  return results;
end
$$;
