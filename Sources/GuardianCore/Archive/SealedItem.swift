/// A sealed file of the archive.
public enum SealedItem: Hashable, Sendable {
    case part(ClipID, Int)
    case snapshot(EventID)
}
