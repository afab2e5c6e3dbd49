import AsyncHTTPClient
import GuardianCore
import NIOCore
import NIOHTTP1

extension S3Client {
    /// Returns the request, signed for a time.
    func signed(_ request: S3Request, with credentials: S3Credentials, at now: Timestamp) -> HTTPClientRequest {
        let target = S3Target(request, endpoint: configuration.endpoint, style: configuration.style)
        let signer = S3Signer(credentials: credentials, region: configuration.region)
        let payload = payload(of: request)
        var headers = request.headers
        if let checksum = request.contentMD5 { headers.append(("Content-MD5", checksum)) }
        if payload == S3ChunkSigner.payload {
            headers.append(("Content-Encoding", "aws-chunked"))
            headers.append(("x-amz-decoded-content-length", "\(request.body.readableBytes)"))
        }
        let own = signer.headers(
            for: request.method, target, query: request.query, headers: headers, payload: payload, at: now)
        let query = request.query.canonicalQuery
        let scheme = configuration.endpoint.isSecure ? "https" : "http"
        var signed = HTTPClientRequest(
            url: "\(scheme)://\(target.host)\(target.path)\(query.isEmpty ? "" : "?\(query)")")
        signed.method = HTTPMethod(rawValue: request.method)
        signed.headers.add(name: "Host", value: target.host)
        for header in headers + own { signed.headers.add(name: header.name, value: header.value) }
        guard ["PUT", "POST"].contains(request.method) else { return signed }
        if payload == S3ChunkSigner.payload, let seed = own.last?.value.suffix(64) {
            let chunks = S3ChunkSigner(signer: signer, seed: String(seed), at: now)
            signed.body = .stream(
                SignedChunks(signer: chunks, rest: request.body),
                length: .known(
                    Int64(S3ChunkSigner.framedLength(of: request.body.readableBytes, pieces: SignedChunks.size))))
        } else {
            signed.body = .bytes(request.body)
        }
        return signed
    }

    private func payload(of request: S3Request) -> String {
        switch configuration.payload {
        // Hashing a small body is faster than chunking it.
        case .streamed where request.body.readableBytes > SignedChunks.size: S3ChunkSigner.payload
        case .unsigned where configuration.endpoint.isSecure: S3Signer.unsigned
        default: request.payloadHash
        }
    }
}

/// A body as signed chunks, made on demand.
private struct SignedChunks: AsyncSequence, AsyncIteratorProtocol, Sendable {
    /// Bytes of a chunk; Amazon S3 requires at least 8 KiB.
    static let size = 1 << 16

    var signer: S3ChunkSigner
    /// `nil` after the empty chunk at the end.
    var rest: ByteBuffer?

    init(signer: S3ChunkSigner, rest: ByteBuffer) {
        self.signer = signer
        self.rest = rest
    }

    mutating func next() async -> ByteBuffer? {
        let size = Swift.min(Self.size, rest?.readableBytes ?? 0)
        guard let piece = rest?.readSlice(length: size) else { return nil }
        if piece.readableBytes == 0 { rest = nil }
        return signer.chunk(piece)
    }

    func makeAsyncIterator() -> SignedChunks { self }
}
