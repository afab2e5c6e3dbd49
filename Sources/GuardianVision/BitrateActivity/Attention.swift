/// What a watch needs of its camera from now on. Whoever sends the packets (the edge) may leave out what is not needed;
/// sending more does no harm, since packets that nobody needs are not decoded.
public enum Attention: String, Sendable, Hashable, Codable, CaseIterable {
    /// Nothing moved and nobody is there: keyframes alone will do, until the packets' sizes say otherwise.
    case quiet
    /// Somebody is there and stands still: keyframes alone will do, as long as one comes at least every two seconds.
    case still
    /// Something moves: every packet from the last keyframe on is needed.
    case looking
}
