extension GuardianError {
    /// The error for a cursor that this server did not issue.
    public static var notACursor: GuardianError {
        GuardianError(
            .invalidArgument,
            "cursor must be the nextCursor of the previous page, unchanged; leave it out for the first page.")
    }
}
