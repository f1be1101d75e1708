"""Rows of workbooks and other tables in binary form, read by a child process."""
