// Writes raw.json: one draft-07 schema for each type of entry.ts and for the arguments of each Web API method we know.
import { writeFileSync } from 'node:fs';
import { createGenerator } from 'ts-json-schema-generator';

const TYPES = ['Blocks', 'SlackView', 'Chunks', 'Attachments', 'AppMetadata', 'AnyEvent', 'Envelope', 'Interaction', 'Command', 'AppManifest'];
const METHODS = [
  'api.test', 'apps.connections.open', 'assistant.threads.setStatus', 'assistant.threads.setSuggestedPrompts',
  'assistant.threads.setTitle', 'auth.revoke', 'auth.test', 'blocks.validate', 'bots.info', 'chat.appendStream', 'chat.delete',
  'chat.getPermalink', 'chat.postEphemeral', 'chat.postMessage', 'chat.startStream', 'chat.stopStream', 'chat.update',
  'conversations.history', 'conversations.info', 'conversations.join', 'conversations.list', 'conversations.members',
  'conversations.open', 'conversations.replies', 'files.completeUploadExternal', 'files.delete', 'files.getUploadURLExternal',
  'files.info', 'oauth.v2.access', 'reactions.add', 'reactions.remove', 'team.info', 'users.conversations', 'users.info',
  'users.list', 'users.lookupByEmail', 'views.open', 'views.publish', 'views.push', 'views.update',
];
const ACRONYMS = { api: 'API', oauth: 'OAuth' };

const nameOf = (method) =>
  method.split('.').map((part) => ACRONYMS[part] ?? part[0].toUpperCase() + part.slice(1)).join('') + 'Arguments';
const generator = (path) =>
  createGenerator({ path, tsconfig: 'tsconfig.json', skipTypeCheck: true, expose: 'all', topRef: true, additionalProperties: false });

const types = generator('entry.ts');
const requests = generator('node_modules/@slack/web-api/dist/types/request/index.d.ts');
writeFileSync('raw.json', JSON.stringify({
  types: Object.fromEntries(TYPES.map((type) => [type, types.createSchema(type)])),
  requests: Object.fromEntries(METHODS.map((method) => [method, requests.createSchema(nameOf(method))])),
}));
