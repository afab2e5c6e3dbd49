import Foundation
import GuardianCore

/// That one person may be sent one recording of an edge, or what one camera shows now, once: the statement that a node
/// signs (`GrantStatement` of control.proto).
public struct RelayGrant: Hashable, Sendable {
    /// What is sent.
    public enum Item: Hashable, Sendable {
        case clip(ClipID)
        /// A complete clip with an index before its fragments.
        case indexedClip(ClipID)
        /// An event's picture.
        case snapshot(EventID)
        /// A picture of what a camera shows now.
        case cameraPicture(CameraID)
        /// A camera's live view.
        case live(CameraID)

        /// What sets limits of their own.
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            /// Of the past: it has a length and ranges.
            case recording
            /// Of now.
            case picture
            case live
        }

        public var kind: Kind {
            switch self {
            case .clip, .indexedClip, .snapshot: .recording
            case .cameraPicture: .picture
            case .live: .live
            }
        }
    }

    /// Names the request: 16 random bytes.
    public struct RequestID: Hashable, Sendable {
        public static let size = 16

        public let bytes: [UInt8]

        public init(randomness: Randomness = .system) { bytes = randomness.bytes(Self.size) }

        /// `nil` unless there are 16 bytes.
        public init?(_ data: Data) {
            guard data.count == Self.size else { return nil }
            bytes = Array(data)
        }
    }

    /// How long a grant is good, in ms. Clocks of an edge and a node may differ by `tolerance` besides.
    public static let lifetime: Int64 = 60_000
    /// In ms. Beyond it, edges have problems of their own, which their owners are told.
    public static let tolerance: Int64 = 600_000
    /// Bytes of a person's name.
    private static let longestName = 256

    public let request: RequestID
    public let tenant: TenantName
    public let edge: Hash256
    /// An account of the node.
    public let account: String
    public let name: String
    public let item: Item
    public let issuedAt: Timestamp

    public init(
        request: RequestID = RequestID(), tenant: TenantName, edge: Hash256, account: String, name: String, item: Item,
        issuedAt: Timestamp
    ) {
        self.request = request
        self.tenant = tenant
        self.edge = edge
        self.account = account
        self.name = PlainText.cut(name, bytes: Self.longestName)
        self.item = item
        self.issuedAt = issuedAt
    }

    /// - Throws: `invalidArgument` for what is no statement.
    init(_ statement: Guardian_V1_GrantStatement) throws {
        guard let request = RequestID(statement.request), let tenant = TenantName(statement.tenant),
            let edge = Hash256(bytes: statement.edge), let item = Item(statement),
            let issuedAt = Timestamp(plausible: statement.issuedAt), statement.account.utf8.count <= 64
        else { throw GuardianError(.invalidArgument, "The node's grant cannot be read.") }
        self.init(
            request: request, tenant: tenant, edge: edge, account: PlainText.cut(statement.account, bytes: 64),
            name: statement.name, item: item, issuedAt: issuedAt)
    }

    var statement: Guardian_V1_GrantStatement {
        .with { statement in
            statement.request = Data(request.bytes)
            statement.tenant = tenant.description
            statement.edge = Data(edge.bytes)
            statement.account = account
            statement.name = name
            switch item {
            case .clip(let clip): statement.clip = clip.description
            case .indexedClip(let clip): statement.indexedClip = clip.description
            case .snapshot(let event): statement.snapshot = event.description
            case .cameraPicture(let camera): statement.cameraPicture = camera.description
            case .live(let camera): statement.live = camera.description
            }
            statement.issuedAt = issuedAt.milliseconds
        }
    }

    /// Whether it is good at a time.
    public func isGood(at now: Timestamp) -> Bool {
        abs(now - issuedAt - Self.lifetime / 2) <= Self.lifetime / 2 + Self.tolerance
    }

    /// What is signed.
    static func signedBytes(of statement: [UInt8]) -> [UInt8] { Array("guardian/grant/v1\0".utf8) + statement }
}

extension RelayGrant.Item {
    init?(_ statement: Guardian_V1_GrantStatement) {
        switch statement.item {
        case .clip(let text):
            guard let clip = ClipID(text) else { return nil }
            self = .clip(clip)
        case .indexedClip(let text):
            guard let clip = ClipID(text) else { return nil }
            self = .indexedClip(clip)
        case .snapshot(let text):
            guard let event = EventID(text) else { return nil }
            self = .snapshot(event)
        case .cameraPicture(let text):
            guard let camera = CameraID(text) else { return nil }
            self = .cameraPicture(camera)
        case .live(let text):
            guard let camera = CameraID(text) else { return nil }
            self = .live(camera)
        case nil: return nil
        }
    }
}
