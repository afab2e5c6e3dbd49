import GuardianCore
import NIOCore

/// Takes the records of one camera out of bytes that arrive in pieces (`LiveRecord.bytes`).
public struct LiveRecordReader: Sendable {
    /// Most bytes of a record: key pictures of the largest cameras have a few million.
    public static let limit = 8_388_608
    private static let head = 8

    private var buffer = ByteBuffer()

    public init() {}

    public mutating func append(_ bytes: ByteBuffer) {
        buffer.discardReadBytes()
        var bytes = bytes
        buffer.writeBuffer(&bytes)
    }

    /// Returns the next record; `nil` while it is not complete.
    ///
    /// - Throws: `dataLoss` for what is no record, or one that is too large.
    public mutating func next() throws -> LiveRecord? {
        guard let kind: UInt8 = buffer.getInteger(at: buffer.readerIndex + 1),
            let length: UInt32 = buffer.getInteger(at: buffer.readerIndex + 4)
        else { return nil }
        guard length <= Self.limit else { throw Self.damage }
        guard buffer.readableBytes >= Self.head + Int(length) else { return nil }
        buffer.moveReaderIndex(forwardBy: Self.head)
        guard var payload = buffer.readSlice(length: Int(length)) else { throw Self.damage }
        switch kind {
        case 0:
            guard let count: UInt16 = payload.readInteger(), let codecs = payload.readString(length: Int(count)) else {
                throw Self.damage
            }
            return .start(codecs: codecs, initSegment: Array(buffer: payload))
        case 1: return .fragment(Array(buffer: payload))
        case 2: return .state(payload)
        default: throw Self.damage
        }
    }

    private static var damage: GuardianError {
        GuardianError(.dataLoss, "The live view cannot be read.")
    }
}
