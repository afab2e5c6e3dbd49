import GuardianStorage

extension Place {
    /// Whether the place is there at this moment. Its disk may have gone away since it was checked last, up to a second ago.
    var isReachable: Bool { isPresent && holds(folder) }
}
