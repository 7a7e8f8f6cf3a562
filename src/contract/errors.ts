import { z } from 'zod'

/**
 * Every error Parley answers with, in one table: HTTP status, what happened, and what to do now. The code is stable and is the
 * same on every protocol; `/api` wraps it as RFC 9457 problem details, `/v1` as OpenAI's error object, streams as the last event.
 */
export const errorTable = {
  'request.invalid': {
    status: 422,
    message: 'The request is not valid.',
    action: 'Correct the fields listed in `issues` and send it again.',
  },
  'request.malformed': {
    status: 400,
    message: 'The body is not valid JSON.',
    action: 'Send a JSON object with the content type application/json.',
  },
  'request.too_large': { status: 413, message: 'The request is larger than this server accepts.', action: 'Send a smaller request.' },
  'request.not_found': { status: 404, message: 'There is nothing at this address.', action: 'Check the address.' },
  'request.method_not_allowed': { status: 405, message: 'This address does not take that method.', action: 'Check the method.' },
  'request.rate_limited': { status: 429, message: 'Too many requests.', action: 'Wait for the time given in Retry-After.' },
  'request.cross_site': {
    status: 403,
    message: 'The request came from another site.',
    action: 'Open Parley at its own address and try again.',
  },
  'auth.required': { status: 401, message: 'You are not signed in.', action: 'Sign in, or send an API key.' },
  'auth.invalid_credentials': { status: 401, message: 'The e-mail or the password is not right.', action: 'Check both and try again.' },
  'auth.key_invalid': {
    status: 401,
    message: 'This API key does not work: it is unknown, expired or revoked.',
    action: 'Make a new key in the settings.',
  },
  'auth.disabled': { status: 403, message: 'This account is disabled.', action: 'Ask an administrator.' },
  'auth.forbidden': { status: 403, message: 'Your role does not allow this.', action: 'Ask an administrator of this workspace.' },
  'auth.scope_missing': { status: 403, message: 'This API key may not do that.', action: 'Use a key with the scope this needs.' },
  'auth.sign_up_closed': {
    status: 403,
    message: 'This server does not take new accounts.',
    action: 'Ask an administrator to make an account for you.',
  },
  'auth.email_taken': { status: 409, message: 'An account with this e-mail exists.', action: 'Sign in instead, or use another e-mail.' },
  'auth.entry_link_used': {
    status: 410,
    message: 'This one-time link was used or has expired.',
    action: 'Sign in, or restart the server to get a new link.',
  },
  'user.not_found': { status: 404, message: 'There is no such person.', action: 'Reload the list.' },
  'user.last_admin': { status: 409, message: 'This is the last administrator.', action: 'Make somebody else an administrator first.' },
  'session.not_found': { status: 404, message: 'There is no such session.', action: 'Reload the list.' },
  'api-key.not_found': { status: 404, message: 'There is no such API key.', action: 'Reload the list.' },
  'app.not_found': { status: 404, message: 'There is no such app.', action: 'Reload the list.' },
  'app.request_invalid': {
    status: 422,
    message: 'What this program asks for is not right.',
    action: 'Start again from the program. If that does not help, tell its maker.',
  },
  'app.unreadable': {
    status: 422,
    message: 'The description of this program could not be read.',
    action: 'Try again later, or tell its maker.',
  },
  // Those of RFC 6749 and its kin, as `/oauth` answers programs.
  'app.grant_invalid': {
    status: 400,
    message: 'The code or token is unknown, used, expired or revoked.',
    action: 'Ask the person to let the program in again.',
  },
  'app.client_unknown': { status: 401, message: 'This program is not registered here.', action: 'Register it first.' },
  'app.client_invalid': {
    status: 400,
    message: 'The registration of this program is not right.',
    action: 'Correct what the detail names and register again.',
  },
  'app.target_invalid': { status: 400, message: 'Tokens are for /mcp of this server only.', action: 'Name that as the resource.' },
  'app.grant_unsupported': {
    status: 400,
    message: 'This kind of grant is not offered.',
    action: 'Use authorization_code or refresh_token.',
  },
  'app.session_needed': {
    status: 403,
    message: 'Only a person who is signed in can let a program in.',
    action: 'Open this address in a browser.',
  },
  'workspace.not_found': { status: 404, message: 'There is no such workspace.', action: 'Choose another workspace.' },
  'connection.not_found': { status: 404, message: 'There is no such connection.', action: 'Reload the list.' },
  'connection.rejected': {
    status: 422,
    message: 'The provider refused this key.',
    action: 'Check the key and the address, then try again.',
  },
  'connection.unreachable': {
    status: 422,
    message: 'The provider could not be reached.',
    action: 'Check the address and that the provider is running.',
  },
  'connection.address_forbidden': {
    status: 422,
    message: 'This address is in a private network, which this server may not call.',
    action: 'Ask an administrator to list it in EGRESS_ALLOW.',
  },
  'connection.managed': {
    status: 409,
    message: 'This connection is set by the environment of the server.',
    action: 'Change the variable and restart the server.',
  },
  'custom-tool.not_found': { status: 404, message: 'There is no such tool.', action: 'Reload the list.' },
  'custom-tool.too_many': {
    status: 409,
    message: 'A workspace has at most 50 tools of its own.',
    action: 'Delete one that is not needed any more.',
  },
  'custom-tool.database_refused': {
    status: 422,
    message: 'The database could not be asked.',
    action: 'Check the address, the account and its password, then try again.',
  },
  'custom-tool.search_exists': {
    status: 409,
    message: 'This workspace has a search of the web already.',
    action: 'Change it, or delete it first.',
  },
  'custom-tool.description_unreadable': {
    status: 422,
    message: 'This is no description that can be used.',
    action: 'Give an OpenAPI description, version 3.0 or 3.1, as JSON or YAML.',
  },
  'custom-tool.description_unreachable': {
    status: 422,
    message: 'The description could not be fetched.',
    action: 'Check the address, or paste the text.',
  },
  'model.not_found': { status: 404, message: 'There is no such model.', action: 'Choose another model.' },
  'model.no_key': {
    status: 409,
    message: 'No key for this model is available to you.',
    action: 'Add a key for its provider, or choose another model.',
  },
  'model.price_unknown': {
    status: 409,
    message: 'The price of this model is unknown and the workspace has a limited budget.',
    action: 'Ask an administrator to set an assumed price, or choose another model.',
  },
  'conversation.not_found': {
    status: 404,
    message: 'There is no such conversation.',
    action: 'It may have been deleted. Choose another one.',
  },
  'message.not_found': { status: 404, message: 'There is no such message.', action: 'Reload the conversation.' },
  'message.not_an_answer': { status: 422, message: 'Only answers can be liked or disliked.', action: 'Choose an answer.' },
  'highlight.not_found': { status: 404, message: 'There is no such highlight.', action: 'Reload the list.' },
  'highlight.too_many': { status: 409, message: 'A message holds at most 200 highlights.', action: 'Remove one first.' },
  'picture.not_found': { status: 404, message: 'This message names no such picture.', action: 'Reload the conversation.' },
  'picture.unreachable': {
    status: 422,
    message: 'The picture could not be fetched.',
    action: 'Open it at its own address, or try again later.',
  },
  'picture.unsupported': {
    status: 422,
    message: 'This is no picture that can be shown here, or it is too large.',
    action: 'Open it at its own address.',
  },
  'model.thinking_unsupported': {
    status: 422,
    message: 'The model of this conversation cannot be told to think that much, or not at all.',
    action: 'Choose another model, or leave it to the model.',
  },
  'prompt-version.not_found': { status: 404, message: 'There is no such version of a prompt.', action: 'Reload the list.' },
  'prompt.not_found': { status: 404, message: 'There is no such prompt.', action: 'Reload the list.' },
  'prompt.file_unreadable': {
    status: 422,
    message: 'There is no prompt in this file that could be read.',
    action: 'Choose a JSON file with prompts, or Markdown with a name at its beginning.',
  },
  'prompt.too_many': { status: 409, message: 'A person keeps at most 1,000 prompts.', action: 'Delete one that is not needed any more.' },
  'agent.not_found': { status: 404, message: 'There is no such agent.', action: 'It may have been deleted. Choose another one.' },
  'agent.too_many': {
    status: 409,
    message: 'A person keeps at most 200 agents in a workspace.',
    action: 'Delete one that is not needed any more.',
  },
  'agent.too_many_roles': {
    status: 409,
    message: 'An agent is shared with at most 100 people.',
    action: 'Share it with the whole workspace instead.',
  },
  'agent.picture_missing': { status: 404, message: 'This agent has no picture.', action: 'It is shown with its emoji.' },
  'agent.picture_too_large': {
    status: 413,
    message: 'This picture is too large.',
    action: 'Choose one of at most 512 KB and 1024 pixels on its longer side.',
  },
  'agent.picture_unsupported': {
    status: 422,
    message: 'This is no picture that can be shown here.',
    action: 'Choose a PNG, JPEG or WebP file.',
  },
  'agent.changed_meanwhile': {
    status: 409,
    message: 'Somebody else has saved another version of this agent.',
    action: 'Look at the newest version, then save yours again.',
  },
  'agent.values_missing': {
    status: 422,
    message: 'The instructions have variables without a value.',
    action: 'Give each of them a value, or a default in the text.',
  },
  'agent.tool_unknown': {
    status: 422,
    message: 'A tool of this agent is not available here.',
    action: 'Take it out, or ask for it to be added.',
  },
  'agent.not_available': {
    status: 409,
    message: 'The agent of this conversation was deleted, or is not shared with you any more.',
    action: 'Choose another agent, or none, and send it again.',
  },
  'mcp-server.not_found': { status: 404, message: 'There is no such tool server.', action: 'Reload the list.' },
  'mcp-tool.changed': { status: 409, message: 'This tool is another one by now.', action: 'Reload the list and look at it again.' },
  'mcp-tool.not_found': { status: 404, message: 'There is no such tool.', action: 'Reload the list.' },
  'mcp-prompt.not_found': { status: 404, message: 'There is no such prompt of a tool server.', action: 'Reload the list.' },
  'mcp-server.failed': { status: 502, message: 'The tool server could not do this.', action: 'Look at its status, or try again.' },
  'mcp-server.program_forbidden': {
    status: 403,
    message: 'This tool server is a program that would run on the machine of this server.',
    action: 'Ask an administrator of this server to add or change it, or use one that is reached by an address.',
  },
  'mcp-server.too_many': {
    status: 409,
    message: 'A workspace has at most 300 tool servers.',
    action: 'Delete one that is not needed any more.',
  },
  'mcp-server.sign_in_failed': {
    status: 422,
    message: 'The sign-in at this tool server did not work.',
    action: 'Try again, or ask whoever runs the server.',
  },
  'mcp-server.sign_in_expired': {
    status: 410,
    message: 'This sign-in is over: it took too long, or was finished already.',
    action: 'Connect again.',
  },
  'mcp-server.no_credential': {
    status: 409,
    message: 'This tool server is not called with credentials that a person fills in.',
    action: 'Use it as it is, or ask whoever runs the workspace.',
  },
  'mcp-server.of_package': {
    status: 409,
    message: 'This tool server belongs to a package that was installed into an agent.',
    action: 'Change, update or delete the package on the page of its agent.',
  },
  'agent-package.not_found': { status: 404, message: 'There is no such package.', action: 'Reload the page.' },
  'package-inspection.not_found': {
    status: 404,
    message: 'This package is not held ready any more: an hour has gone by, or it was installed already.',
    action: 'Look at the package again.',
  },
  'agent-package.damaged': {
    status: 422,
    message: 'This is no ZIP archive, or a damaged one.',
    action: 'Download it again, or ask whoever made the package.',
  },
  'agent-package.unsafe': {
    status: 422,
    message: 'This archive holds what no package may hold.',
    action: 'Do not install it. Ask whoever made the package.',
  },
  'agent-package.too_large': {
    status: 422,
    message: 'This package is larger than permitted: 20 MB packed, 100 MB unpacked, 5,000 files.',
    action: 'Ask whoever made it for a smaller one.',
  },
  'agent-package.no_manifest': {
    status: 422,
    message: 'There is no manifest.yaml.',
    action: 'Choose an agent package, or name the folder in which it is.',
  },
  'agent-package.manifest_invalid': {
    status: 422,
    message: 'The manifest.yaml of this package is not valid.',
    action: 'Ask whoever made the package; what is wrong stands in `issues`.',
  },
  'agent-package.unreachable': {
    status: 422,
    message: 'The package could not be fetched.',
    action: 'Check the address, the revision and the folder, then try again.',
  },
  'agent-package.checksum_mismatch': {
    status: 422,
    message: 'This is not the package that was announced: its checksum is another one.',
    action: 'Do not install it. Look at the package again, or ask whoever publishes it.',
  },
  'agent-package.other_package': {
    status: 409,
    message: 'This is another package, not a version of the one that is installed.',
    action: 'Install it by itself.',
  },
  'agent-package.installed_already': {
    status: 409,
    message: 'This package is installed in that agent already.',
    action: 'Update it on the page of the agent.',
  },
  'agent-package.consent_needed': {
    status: 409,
    message: 'This version may do more than the one that is installed.',
    action: 'Look at what it may do, and agree to it.',
  },
  'agent-package.values_missing': {
    status: 422,
    message: 'The tools of this package need values that were not given.',
    action: 'Fill in the fields listed in `issues`.',
  },
  'agent-package.not_confined': {
    status: 409,
    message: 'The tools of this package cannot be run in a sandbox on this server.',
    action: 'Ask an administrator to set a sandbox up, or to allow tools of packages without one.',
  },
  'agent-package.no_runtime': {
    status: 409,
    message: 'This server does not have what runs the tools of this package.',
    action: 'Ask an administrator to install it.',
  },
  'agent-package.gallery_unavailable': {
    status: 502,
    message: 'The gallery of packages could not be read.',
    action: 'Try again later, or ask an administrator to check its address.',
  },
  'memory.not_found': { status: 404, message: 'This is not remembered any more.', action: 'Reload the list.' },
  'memory.too_many': {
    status: 409,
    message: 'At most 200 things are remembered of a person.',
    action: 'Erase some that are not needed any more.',
  },
  'share.not_found': { status: 404, message: 'There is no such link.', action: 'It may have been revoked. Ask whoever gave it to you.' },
  'share.too_many': { status: 409, message: 'A conversation has at most 20 links.', action: 'Revoke one that is not needed any more.' },
  'attachment.not_found': { status: 404, message: 'There is no such file.', action: 'It may have been deleted. Attach it again.' },
  'attachment.not_ready': {
    status: 409,
    message: 'A file is not ready to be sent.',
    action: 'Wait until it is uploaded and checked, or remove it. One that was sent already is attached again by attaching it anew.',
  },
  'attachment.too_large': { status: 413, message: 'This file is too large.', action: 'Send a smaller one, or a part of it.' },
  'attachment.no_space': {
    status: 409,
    message: 'There is no space left for files.',
    action: 'Delete files or conversations that are not needed any more, or ask an administrator for more.',
  },
  'attachment.upload_invalid': {
    status: 403,
    message: 'This address for an upload is not valid, or not any more.',
    action: 'Plan the upload again.',
  },
  'attachment.not_planned': { status: 409, message: 'This file was uploaded already.', action: 'Plan another upload.' },
  'import.not_found': { status: 404, message: 'There is no such import.', action: 'Reload the list.' },
  'import.out_of_step': {
    status: 409,
    message: 'This is not the part of the file that comes next.',
    action: 'Ask how much has arrived, and go on from there.',
  },
  'import.finished': { status: 409, message: 'This import has ended.', action: 'Reload the list.' },
  'import.running': { status: 409, message: 'This import is still running.', action: 'Stop it first.' },
  'import.too_many': { status: 409, message: 'Five imports are waiting already.', action: 'Wait until one has ended, or stop it.' },
  'import.not_an_archive': {
    status: 422,
    message: 'This file is neither a ZIP archive nor JSON.',
    action: 'Choose the file as it was exported, without unpacking or changing it.',
  },
  'import.damaged': {
    status: 422,
    message: 'This archive is damaged or incomplete.',
    action: 'Download it again. What could be read before the damage was kept.',
  },
  'import.encrypted': { status: 422, message: 'This archive is encrypted.', action: 'Unpack it and choose the JSON file in it.' },
  'import.too_much': {
    status: 422,
    message: 'This archive would grow far beyond what an archive of conversations is.',
    action: 'Check where it comes from.',
  },
  'import.nothing_found': {
    status: 422,
    message: 'There are no conversations in this file.',
    action: 'Choose an export of ChatGPT, of Claude or of Parley.',
  },
  'import.upload_lost': {
    status: 422,
    message: 'The file did not arrive, or is no longer on the server.',
    action: 'Choose it again. What was imported stays and is not imported twice.',
  },
  'guardrail.not_found': { status: 404, message: 'There is no such guardrail.', action: 'Reload the list.' },
  'guardrail.too_many': { status: 409, message: 'This workspace has as many guardrails as it may.', action: 'Delete one first.' },
  'guardrail.kind_fixed': { status: 422, message: 'A guardrail stays of the kind it is.', action: 'Make a new one of the other kind.' },
  'guardrail.cannot_redact': {
    status: 422,
    message: 'This kind of guardrail does not know which words it is about, so it cannot redact.',
    action: 'Choose to block or to warn.',
  },
  'guardrail.input_blocked': {
    status: 422,
    message: 'This was not given to the model: a rule of this workspace is against it.',
    action: 'Put it in other words.',
  },
  'guardrail.input_redacted': {
    status: 200,
    message: 'Some of your message was hidden from the model, as a rule of this workspace asks.',
    action: 'Your own words are kept as you wrote them.',
  },
  'guardrail.output_blocked': {
    status: 422,
    message: 'The answer ends here: a rule of this workspace is against what comes next.',
    action: 'Put the question in other words.',
  },
  'guardrail.warned': {
    status: 200,
    message: 'A rule of this workspace has something to say about this.',
    action: 'Read it with care.',
  },
  'answer.cut_off': {
    status: 422,
    message: 'The answer ended because it reached its greatest length.',
    action: 'Continue it, or allow longer answers in the settings.',
  },
  'answer.step_limit': {
    status: 422,
    message: 'The model has used its tools as often as one answer may.',
    action: 'Continue to let it go on from here.',
  },
  'answer.repeated_calls': {
    status: 422,
    message: 'The model repeated the same tool calls, so it had to answer without tools.',
    action: 'Continue to let it use tools again, or say in other words what you want.',
  },
  'answer.being_written': {
    status: 409,
    message: 'This answer is still being written.',
    action: 'Wait until it ends, or stop it.',
  },
  'answer.not_continuable': {
    status: 409,
    message: 'There is nothing of this answer that could be continued.',
    action: 'Try again for a new one.',
  },
  'call.not_running': { status: 409, message: 'This tool does not run any more.', action: 'Look at its result.' },
  'result.not_found': {
    status: 404,
    message: 'The rest of this result was not kept.',
    action: 'Ask for it again.',
  },
  'tool-permission.not_found': { status: 404, message: 'There is no such permission.', action: 'Reload the list.' },
  'tool-question.not_found': { status: 404, message: 'There is no such question.', action: 'Reload the conversation.' },
  'tool-question.answered': { status: 409, message: 'This question was answered already.', action: 'Reload the conversation.' },
  'tool-question.ended': {
    status: 409,
    message: 'The tool does not wait for this answer any more.',
    action: 'Ask for it again in a new message.',
  },
  'turn.not_found': { status: 404, message: 'There is no such turn.', action: 'Reload the conversation.' },
  'turn.finished': { status: 409, message: 'This turn has ended.', action: 'Send a new message.' },
  'turn.not_waiting': { status: 409, message: 'This question was answered already.', action: 'Reload the conversation.' },
  'turn.too_many_queued': {
    status: 429,
    message: 'Too many messages are waiting in this conversation.',
    action: 'Wait for an answer, or stop it.',
  },
  'page.not_found': { status: 404, message: 'There is no such page.', action: 'Reload the list.' },
  'page.exists': { status: 409, message: 'This workspace has a page already.', action: 'Change that page, or delete it first.' },
  'page.slug_taken': { status: 409, message: 'Another page has this address.', action: 'Choose another address.' },
  'page.too_many_links': { status: 409, message: 'A page holds at most 100 links.', action: 'Delete a link first.' },
  'page.too_many_questions': { status: 409, message: 'A page holds at most 100 questions.', action: 'Delete a question first.' },
  'page.too_many_roles': { status: 409, message: 'A page has at most 50 people with a role.', action: 'Take a role from somebody first.' },
  'page-link.not_found': { status: 404, message: 'There is no such link.', action: 'Reload the page.' },
  'page-faq.not_found': { status: 404, message: 'There is no such question.', action: 'Reload the page.' },
  'unanswered.not_found': { status: 404, message: 'There is no such question.', action: 'Reload the list.' },
  'visit.origin_refused': {
    status: 403,
    message: 'This site may not show the bot of this page.',
    action: "Whoever owns the page can add the site in the page's settings.",
  },
  'visit.bot_away': {
    status: 404,
    message: 'Nobody answers on this page at the moment.',
    action: 'The links and answers on the page are still there.',
  },
  'visit.limit_reached': {
    status: 429,
    message: 'That was a lot of questions for one day.',
    action: 'Please come back tomorrow. Until then the links and answers on the page are still there.',
  },
  'surface.action_invalid': {
    status: 422,
    message: 'This button does not do anything any more.',
    action: 'Ask again to get a fresh one.',
  },
  'idempotency.mismatch': {
    status: 422,
    message: 'This Idempotency-Key was used for another request.',
    action: 'Use a new key for a new request.',
  },
  'idempotency.in_flight': {
    status: 409,
    message: 'A request with this Idempotency-Key is still running.',
    action: 'Wait for it and ask again.',
  },
  'budget.exhausted': {
    status: 402,
    message: 'The budget of this workspace is used up.',
    action: 'Ask an administrator for more, or use your own key.',
  },
  'installation.not_found': { status: 404, message: 'There is no such installation.', action: 'Reload the list.' },
  'installation.disabled': {
    status: 403,
    message: 'This installation is switched off.',
    action: 'Switch it on in the settings of the workspace.',
  },
  'installation.rejected': {
    status: 422,
    message: 'The platform refused these settings.',
    action: 'Check the token and the address, then try again.',
  },
  'hook.signature_invalid': {
    status: 401,
    message: 'The signature of this event is missing, wrong or too old.',
    action: 'Sign it with the secret of the installation, and check the clock of the sender.',
  },
  'hook.malformed': { status: 400, message: 'This event cannot be read.', action: 'Send it in the form that the platform documents.' },
  'inbox.taken_over': { status: 409, message: 'A person answers in this conversation.', action: 'Hand it back first.' },
  'inbox.not_taken_over': { status: 409, message: 'The model answers in this conversation.', action: 'Take it over first.' },
  'inbox.out_of_reach': {
    status: 409,
    message: 'What you write could not reach them any more.',
    action: 'The installation was deleted, or the visit has ended.',
  },
  'provider.auth': { status: 502, message: 'The provider refused the key.', action: 'Check the connection in the settings.' },
  'provider.rate_limited': { status: 503, message: 'The provider is receiving too many requests.', action: 'Wait a moment and try again.' },
  'provider.quota': {
    status: 502,
    message: 'The account at the provider has no credit left.',
    action: 'Add credit at the provider, or use another key.',
  },
  'provider.context_too_long': {
    status: 422,
    message: 'The conversation is longer than this model can read.',
    action: 'Choose a model with a larger context, or start a new conversation.',
  },
  'provider.rejected': {
    status: 502,
    message: 'The provider refused the request.',
    action: 'Check the settings of this conversation, or choose another model.',
  },
  'provider.unavailable': { status: 502, message: 'The provider failed to answer.', action: 'Try again, or choose another model.' },
  'provider.timeout': { status: 504, message: 'The provider did not answer in time.', action: 'Try again, or choose another model.' },
  'provider.interrupted': { status: 502, message: 'The answer broke off.', action: 'What arrived was kept. Try again for a whole answer.' },
  'provider.invalid_response': {
    status: 502,
    message: 'The provider sent something that could not be read.',
    action: 'Try again, or choose another model.',
  },
  'provider.content_filter': { status: 422, message: 'The provider withheld the answer.', action: 'Put the question in other words.' },
  'turn.interrupted': {
    status: 503,
    message: 'The server stopped while it was answering.',
    action: 'What had arrived was kept. Try again for a whole answer.',
  },
  'turn.abandoned': { status: 500, message: 'The answer was interrupted too often.', action: 'What had arrived was kept. Try again.' },
  'storage.full': {
    status: 507,
    message: 'The server has no disk space left.',
    action: 'Ask an administrator to free space. Nothing that was saved is lost.',
  },
  'storage.read_only': {
    status: 503,
    message: 'The server cannot write to its disk.',
    action: 'Ask an administrator to check its data directory.',
  },
  'database.unavailable': { status: 503, message: 'The database cannot be reached.', action: 'Try again in a moment.' },
  'server.stopping': { status: 503, message: 'The server is restarting.', action: 'Try again in a moment.' },
  internal: {
    status: 500,
    message: 'Something went wrong on the server.',
    action: 'Try again. If it happens again, give an administrator the request id.',
  },
} as const satisfies Record<string, { status: number; message: string; action: string }>

export type ErrorCode = keyof typeof errorTable

export const ErrorCode = z.enum(Object.keys(errorTable) as [ErrorCode, ...ErrorCode[]])

/** One thing wrong with the input: where (a path into it) and what. */
export const Issue = z.object({ path: z.array(z.union([z.string(), z.number()])), message: z.string() })
export type Issue = z.infer<typeof Issue>

/** RFC 9457 problem details, with Parley's `code`, `action` and, for invalid input, all `issues`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: ErrorCode,
  action: z.string(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  /** Names the request in the server's log. */
  requestId: z.string().optional(),
  retryAfterSeconds: z.number().optional(),
  issues: z.array(Issue).optional(),
})
export type Problem = z.infer<typeof Problem>

/** What a stream or a message carries of an error: never a stack, never a secret. */
export const ErrorNotice = z.object({ code: ErrorCode, detail: z.string().optional(), retryAfterSeconds: z.number().optional() })
export type ErrorNotice = z.infer<typeof ErrorNotice>

/** The error map of an endpoint, from codes of the table. */
export function errors<const Codes extends readonly ErrorCode[]>(...codes: Codes) {
  return Object.fromEntries(codes.map((code) => [code, { status: errorTable[code].status, message: errorTable[code].message }])) as {
    [Code in Codes[number]]: { status: number; message: string }
  }
}
