"""Tests of evidence in Slack, end to end on a loopback Slack."""
