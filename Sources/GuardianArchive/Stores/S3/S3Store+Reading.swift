import AsyncHTTPClient
import GuardianCore
import NIOCore

extension S3Store {
    public func get(_ key: ObjectKey, range: Range<Int64>?) async throws -> ObjectContent {
        if let range, range.isEmpty || range.lowerBound < 0 {
            throw GuardianError(.outOfRange, "The range of bytes \(range) is empty or negative.")
        }
        let opened = try await open(key, range: range, etag: nil)
        return ObjectContent(
            size: opened.size, range: opened.range, etag: opened.etag,
            pieces: S3Pieces(store: self, key: key, opened: opened))
    }

    struct Opened: Sendable {
        var size: Int64
        var range: Range<Int64>
        var etag: String
        var body: HTTPClientResponse.Body
    }

    /// - Parameter etag: when given, the object must still have this ETag.
    func open(_ key: ObjectKey, range: Range<Int64>?, etag: String?) async throws -> Opened {
        let what = "The object \(key) cannot be read"
        var request = S3Request("GET", key)
        if let range { request.headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)")) }
        if let etag { request.headers.append(("If-Match", "\"\(etag)\"")) }
        let response: HTTPClientResponse
        do {
            response = try await client.open(request, what)
        } catch let error as GuardianError where etag != nil && error.code == .alreadyExists {
            throw GuardianError(.dataLoss, "The object \(key) was changed while it was read.", cause: error)
        }
        let headers = response.headers
        guard let length = headers.first(name: "Content-Length").flatMap({ Int64($0) }), length >= 0,
            let tag = headers.etag
        else { throw S3Failure(status: 200, code: S3Failure.badAnswer).error(what) }
        guard let range else { return Opened(size: length, range: 0..<length, etag: tag, body: response.body) }
        guard response.status == .partialContent,
            let given = ContentRange(headers.first(name: "Content-Range") ?? ""), given.range == range,
            length == Int64(range.count)
        else {
            throw GuardianError(.outOfRange, "The object \(key) does not have the bytes \(range).")
        }
        return Opened(size: given.size, range: range, etag: tag, body: response.body)
    }
}

/// `bytes 0-9/4096` (RFC 9110, 14.4).
package struct ContentRange: Equatable {
    package let range: Range<Int64>
    package let size: Int64

    package init?(_ text: String) {
        guard let match = text.wholeMatch(of: #/bytes (\d{1,18})-(\d{1,18})/(\d{1,18})/#),
            let first = Int64(match.1), let last = Int64(match.2), let size = Int64(match.3),
            first <= last, last < size
        else { return nil }
        range = first..<(last + 1)
        self.size = size
    }
}

/// An object's bytes. When the connection breaks, the rest is requested again.
private struct S3Pieces: AsyncSequence, Sendable {
    typealias Element = ByteBuffer
    typealias Failure = any Error

    let store: S3Store
    let key: ObjectKey
    let opened: S3Store.Opened

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(
            store: store, key: key, etag: opened.etag, rest: opened.range, body: opened.body.makeAsyncIterator())
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let store: S3Store
        let key: ObjectKey
        let etag: String
        var rest: Range<Int64>
        var body: HTTPClientResponse.Body.AsyncIterator
        /// Broken connections since the last byte that was received.
        var breakCount = 0

        mutating func next() async throws -> ByteBuffer? {
            while !rest.isEmpty {
                do {
                    guard let piece = try await body.next() else {
                        throw S3Failure(status: 200, code: S3Failure.noAnswer)
                    }
                    guard piece.readableBytes <= rest.count else {
                        throw GuardianError(.dataLoss, "The S3 store sent more of \(key) than was requested.")
                    }
                    guard piece.readableBytes > 0 else { continue }
                    rest = (rest.lowerBound + Int64(piece.readableBytes))..<rest.upperBound
                    breakCount = 0
                    return piece
                } catch let error as GuardianError {
                    throw error
                } catch {
                    try await reopen(after: S3Client.failure(error))
                }
            }
            // Reads the end of the body, so that the connection can be used again.
            _ = try? await body.next()
            return nil
        }

        private mutating func reopen(after failure: any Error) async throws {
            guard let failure = failure as? S3Failure else { throw failure }
            breakCount += 1
            guard breakCount <= 3 else { throw failure.error("The object \(key) cannot be read") }
            body = try await store.open(key, range: rest, etag: etag).body.makeAsyncIterator()
        }
    }
}
