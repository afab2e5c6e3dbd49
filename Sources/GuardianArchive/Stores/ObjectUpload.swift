import GuardianCore
import NIOCore

/// An object that grows. One call at a time.
///
/// Failures that may pass are tried again inside. When a call throws even so, nothing is lost: `offset` says which bytes
/// were taken, and the call may be made again. `notFound` means that the store has lost the upload: begin anew.
public protocol ObjectUpload: Sendable {
    /// What a later process needs to go on; it changes as the upload does, and never names a secret.
    var ticket: UploadTicket { get async }

    /// Bytes taken so far: where the next `append` goes on.
    var offset: Int64 { get async }

    /// Pieces of this many bytes reach the store at once. Smaller ones wait in memory until so many are there, so keep
    /// them elsewhere until the ticket says that they are stored.
    var pieceSize: Int { get }

    /// Adds bytes behind those that were taken. Several pieces in one call may reach the store side by side.
    ///
    /// - Returns: the ticket as it is now. Keep it where it survives before the next call.
    @discardableResult
    func append(_ bytes: ByteBuffer) async throws -> UploadTicket

    /// Makes the object appear under its key, whole and lasting, at once or not at all. May be called again, also after a
    /// `resume`: when the object stands already, its receipt is returned.
    ///
    /// - Throws: `alreadyExists` when another object stands under the key.
    func finish() async throws -> ObjectReceipt

    /// Removes all that was uploaded.
    func abort() async throws
}

/// How a later process finds an upload again. It stays true after a crash: what it does not name is found at the store.
public struct UploadTicket: Hashable, Sendable, Codable {
    public var key: ObjectKey
    /// 32 hexadecimal digits, random: the object carries them, so that a finished upload is known as our own.
    public var mark: String
    /// The store's own name for the upload; `nil` while it has none.
    public var uploadID: String?
    /// Bytes that are durable at the store: those before it need not be sent again.
    public var stored: Int64

    public init(key: ObjectKey, mark: String, uploadID: String? = nil, stored: Int64 = 0) {
        self.key = key
        self.mark = mark
        self.uploadID = uploadID
        self.stored = stored
    }

    /// A new one for an object that begins.
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
