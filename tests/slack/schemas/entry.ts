// The types of Slack's SDKs that become schemas. One exported name is one schema; generate.mjs lists them.
import type { BlockAction, EnvelopedEvent, GlobalShortcut, MessageShortcut, SlashCommand, ViewClosedAction, ViewSubmitAction } from '@slack/bolt';
import type { AnyChunk, KnownBlock, MessageAttachment, MessageMetadata, SlackEvent, View } from '@slack/types';
import type { AppsManifestCreateArguments } from '@slack/web-api';

export type Blocks = KnownBlock[];
export type SlackView = View;
export type Chunks = AnyChunk[];
export type Attachments = MessageAttachment[];
export type AppMetadata = MessageMetadata;
export type AnyEvent = SlackEvent;
export type Interaction = BlockAction | ViewSubmitAction | ViewClosedAction | GlobalShortcut | MessageShortcut;
export type Envelope = EnvelopedEvent;
export type Command = SlashCommand;
export type AppManifest = AppsManifestCreateArguments['manifest'];
