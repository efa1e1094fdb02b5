"""Uploads that go on where they broke off, by the tus protocol."""
