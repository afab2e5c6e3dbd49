import GuardianCore

/// A file that is to be archived cannot be read now: its disk is away or fails. Others need not wait for it.
struct UnreadableFile: Error {
    let cause: GuardianError
}
