"""Tests of the Slack app: a loopback Slack, Slack's own schemas, pictures, and an independent peer."""
