import GuardianCore
import NIOCore

/// An upload in progress. One call at a time.
///
/// Transient failures are retried inside. After an error nothing is lost: `offset` says how many bytes were accepted,
/// and the call may be repeated from there. `notFound` means that the store has lost the upload: begin it again.
public protocol ObjectUpload: Sendable {
    /// What a later process needs to resume. It changes during the upload, and holds no secret.
    var ticket: UploadTicket { get async }

    /// Bytes accepted so far: where the next `append` continues.
    var offset: Int64 { get async }

    /// Bytes that are sent to the store at once. Fewer are buffered in memory until there are this many, so keep a copy
    /// until the ticket says that they are stored.
    var pieceSize: Int { get }

    /// Appends bytes. Several pieces in one call may be sent to the store concurrently.
    ///
    /// - Returns: the current ticket. Store it durably before the next call.
    @discardableResult
    func append(_ bytes: ByteBuffer) async throws -> UploadTicket

    /// Publishes the object under its key, complete and durable, in one step. May be called again, also after a
    /// `resume`: returns the receipt when the object already exists.
    ///
    /// - Throws: `alreadyExists` when another object has the key.
    func finish() async throws -> ObjectReceipt

    /// Removes all that was uploaded.
    func abort() async throws
}

/// Identifies an upload for a later process. It stays valid after a crash: `resume` asks the store for what the ticket
/// does not have yet.
public struct UploadTicket: Hashable, Sendable, Codable {
    public var key: ObjectKey
    /// 32 random hexadecimal digits. The object carries them, so that a finished upload is recognised as our own.
    public var mark: String
    /// The store's id of the upload; `nil` while it has none.
    public var uploadID: String?
    /// Bytes that are durable at the store and need not be sent again.
    public var stored: Int64

    public init(key: ObjectKey, mark: String, uploadID: String? = nil, stored: Int64 = 0) {
        self.key = key
        self.mark = mark
        self.uploadID = uploadID
        self.stored = stored
    }

    /// Returns a ticket for a new object.
    static func new(_ key: ObjectKey) -> UploadTicket {
        var generator = SystemRandomNumberGenerator()
        let words = [generator.next(), generator.next()] as [UInt64]
        let mark = words.map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return UploadTicket(key: key, mark: mark.joined())
    }
}
