// Read by Semgrep only, never compiled: the line after `ruleid:` must be found, all others must not.
void copy(char *to, const char *from) {
    // ruleid: c-unbounded
    strcpy(to, from);
    // ruleid: c-unbounded
    sprintf(to, "%s", from);
    // ok: c-unbounded
    snprintf(to, 8, "%s", from);
    // ruleid: c-shell
    system(from);
    // ok: c-shell
    execve(from, 0, 0);
}
