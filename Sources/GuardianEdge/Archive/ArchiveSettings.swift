import Foundation
import GuardianArchive
import GuardianCore
import GuardianJournal
import GuardianMedia
import GuardianOperations
import GuardianWire

/// What is sealed, to whom, and where it goes.
public struct ArchiveSettings: Sendable {
    public var recipients: [Recipient]
    public var signer: DeviceSigner
    /// The node's gRPC server.
    public var host: String
    public var port: Int
    public var credentials: CredentialFiles
    /// Waits after a failure of the link.
    public var backoff = Backoff(base: .milliseconds(200), limit: .seconds(5))
    /// The same for a clip that is being recorded: each second of it counts.
    public var liveBackoff = Backoff(base: .milliseconds(100), limit: .seconds(1))
    public var patience = LinkPatience()
    /// How much of the line it may take, and when.
    public var bandwidth = BandwidthPlan(week: LocalWeek(.current))
    /// Until a clip for which there was no room is tried again; whole seconds.
    public var retryAfter: Duration = .seconds(60)
    /// How long what is under way may end when the edge does.
    public var drain: Duration = .seconds(4)

    public init(
        recipients: [Recipient], deviceKey: DeviceKey, host: String, port: Int, credentials: CredentialFiles
    ) {
        self.recipients = recipients
        signer = DeviceSigner(publicKey: deviceKey.publicKey.bytes) { try deviceKey.signature(ofSeparated: $0) }
        self.host = host
        self.port = port
        self.credentials = credentials
    }

    /// Where fragments of clips end, so that each second leaves the recorder whole.
    ///
    /// - Throws: never with the format's own segment size.
    static func padding() throws -> FragmentPadding {
        let layout = try SegmentLayout()
        return FragmentPadding(first: Int64(layout.firstCapacity), step: Int64(layout.nextCapacity))
    }

    /// Bytes of the clip in the whole segments of a body.
    static func plaintextLength(inBody length: Int64) throws -> Int64 {
        let layout = try SegmentLayout()
        return layout.plaintextOffset(ofSegment: layout.wholeSegments(inBody: length))
    }
}
