import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianMedia
import GuardianOperations

/// What is sealed, to whom, and where it goes.
public struct ArchiveSettings: Sendable {
    /// Returns to whom the next part is sealed; nobody while it is empty, and then nothing is sealed.
    public var recipients: @Sendable () -> [Recipient]
    public var signer: DeviceSigner
    public var node: NodeTarget
    /// Delays between attempts after the connection failed.
    public var backoff = Backoff(base: .milliseconds(200), limit: .seconds(5))
    /// The same for live clips, which must leave the recorder within seconds.
    public var liveBackoff = Backoff(base: .milliseconds(100), limit: .seconds(1))
    public var timeouts = LinkTimeouts()
    /// Returns how much bandwidth the archive may use now, and when.
    public var bandwidth: @Sendable () -> BandwidthPlan = { BandwidthPlan(week: LocalWeek(.current)) }
    /// Time until a clip is tried again that the node had no room for; whole seconds.
    public var retryAfter: Duration = .seconds(60)
    /// How long uploads in progress may take to complete when the edge shuts down.
    public var drain: Duration = .seconds(4)

    public init(
        recipients: @escaping @autoclosure @Sendable () -> [Recipient], deviceKey: DeviceKey, node: NodeTarget
    ) {
        self.recipients = recipients
        signer = DeviceSigner(publicKey: deviceKey.publicKey.bytes) { try deviceKey.signature(ofSeparated: $0) }
        self.node = node
    }

    /// Returns where fragments of clips must end so that they fill whole segments: then no bytes of a fragment wait in the
    /// recorder for the next one.
    ///
    /// - Throws: never with the format's own segment size.
    static func padding() throws -> FragmentPadding {
        let layout = try SegmentLayout()
        return FragmentPadding(first: Int64(layout.firstCapacity), step: Int64(layout.nextCapacity))
    }

    /// Returns the bytes of plaintext in the whole segments of a body of `length` bytes.
    static func plaintextLength(inBody length: Int64) throws -> Int64 {
        let layout = try SegmentLayout()
        return layout.plaintextOffset(ofSegment: layout.wholeSegments(inBody: length))
    }
}
