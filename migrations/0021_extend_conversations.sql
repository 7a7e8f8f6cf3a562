-- What a conversation sets for itself, continued.

-- How much its model thinks. Not sent to a model that cannot be told.
alter table conversation_settings add column thinking text check (thinking in ('off', 'low', 'medium', 'high'));
alter table workspace_settings add column thinking text check (thinking in ('off', 'low', 'medium', 'high'));
