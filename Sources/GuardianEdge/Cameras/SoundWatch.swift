import GuardianMedia

/// Tells whether a camera's sound really comes. Cameras announce sound and never send it, or stop sending it; a player would
/// wait for it with the picture.
///
/// It measures by the arrival of pictures, so that a stalled network, which holds up both, is not silence.
package struct SoundWatch: Sendable {
    /// Pictures arrive for this long without sound: there is none any more.
    private static let patience = Duration.seconds(2)
    /// Sound that was gone must come for this long before it counts again.
    private static let probation = Duration.seconds(5)

    package private(set) var isHeard = false
    /// Arrival of the first picture after the newest sound, and of the first sound after silence.
    private var silentSince: ContinuousClock.Instant?
    private var soundSince: ContinuousClock.Instant?
    private var wasLost = false

    package init() {}

    package mutating func note(_ packet: Packet) {
        let now = packet.arrivalInstant
        guard packet.kind == .video else {
            silentSince = nil
            let since = soundSince ?? now
            soundSince = since
            if !wasLost || now - since >= Self.probation { isHeard = true }
            return
        }
        let since = silentSince ?? now
        silentSince = since
        guard now - since > Self.patience else { return }
        wasLost = wasLost || isHeard
        (isHeard, soundSince) = (false, nil)
    }
}
