import GuardianCore
import NIOCore

/// A part of a multipart upload that the server has stored.
struct S3Part: Sendable, Hashable {
    var number: Int
    var size: Int64
    var etag: String
}

/// A multipart upload on the server that is not finished.
struct S3OpenUpload: Sendable, Hashable {
    var name: String
    var id: String
    var initiated: Timestamp
}

/// Amazon S3's multipart uploads, one function per request.
extension S3Store {
    /// Maximum parts of an object (Amazon S3, "multipart upload limits").
    static let maximumParts = 10_000

    func createMultipart(_ ticket: UploadTicket) async throws -> String {
        let request = S3Request(
            "POST", ticket.key, query: [("uploads", "")],
            headers: [("Content-Type", Self.contentType), (Self.markHeader, ticket.mark)])
        return try await inBucket(of: ticket.key) {
            try await self.client.send(request, "The upload of \(ticket.key) cannot begin") {
                answer throws(S3Failure) in
                guard let id = try answer.document(with: "UploadId")["UploadId"]?.text, !id.isEmpty else {
                    throw S3Failure(status: 200, code: S3Failure.badAnswer)
                }
                return id
            }
        }
    }

    func uploadPart(_ number: Int, _ bytes: ByteBuffer, of key: ObjectKey, _ upload: String) async throws -> S3Part {
        let request = S3Request(
            "PUT", key, query: [("partNumber", "\(number)"), ("uploadId", upload)], body: bytes)
        return try await client.send(request, "A part of \(key) cannot be stored") { answer throws(S3Failure) in
            guard let etag = answer.etag else { throw S3Failure(status: 200, code: S3Failure.badAnswer) }
            return S3Part(number: number, size: Int64(bytes.readableBytes), etag: etag)
        }
    }

    /// - Returns: the object's ETag.
    func completeMultipart(
        _ parts: [S3Part], of key: ObjectKey, _ upload: String, headers: [(name: String, value: String)]
    ) async throws -> String {
        let list = parts.map {
            "<Part><PartNumber>\($0.number)</PartNumber><ETag>&quot;\(Self.escaped($0.etag))&quot;</ETag></Part>"
        }
        let body = "<CompleteMultipartUpload xmlns=\"\(Self.namespace)\">\(list.joined())</CompleteMultipartUpload>"
        let request = S3Request(
            "POST", key, query: [("uploadId", upload)], headers: [("Content-Type", "application/xml")] + headers,
            body: ByteBuffer(string: body))
        return try await client.send(request, "The object \(key) cannot be stored") { answer throws(S3Failure) in
            // The server may send status 200 first and fail then.
            S3Answer.unquoted(try answer.document(with: "ETag")["ETag"]?.text ?? "")
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }

    /// Removes an upload and its parts. Does nothing when it does not exist.
    func abortMultipart(of bucket: BucketName, name: String, _ upload: String) async throws {
        let request = S3Request("DELETE", bucket: bucket, name: name, query: [("uploadId", upload)])
        do {
            try await client.send(request, "An upload cannot be aborted")
        } catch let error as GuardianError where error.code == .notFound {}
    }

    /// Lists all parts that the server has, in order.
    func parts(of key: ObjectKey, _ upload: String) async throws -> [S3Part] {
        var parts: [S3Part] = []
        var marker: String?
        repeat {
            var query = [(name: "uploadId", value: upload)]
            if let marker { query.append((name: "part-number-marker", value: marker)) }
            let page = try await client.send(
                S3Request("GET", key, query: query), "The parts of \(key) cannot be listed"
            ) { answer throws(S3Failure) in try Self.partsPage(answer) }
            parts += page.parts
            // The same marker again would be an endless loop.
            guard page.next != marker else { break }
            marker = page.next
        } while marker != nil && parts.count <= Self.maximumParts
        return parts
    }

    private static func partsPage(_ answer: S3Answer) throws(S3Failure) -> (parts: [S3Part], next: String?) {
        let root = try answer.document(with: "IsTruncated")
        var parts: [S3Part] = []
        for entry in root.all("Part") {
            guard let number = (entry["PartNumber"]?.text).flatMap({ Int($0) }),
                let size = (entry["Size"]?.text).flatMap({ Int64($0) }), let etag = entry["ETag"]?.text
            else { throw S3Failure(status: 200, code: S3Failure.badAnswer) }
            parts.append(S3Part(number: number, size: size, etag: S3Answer.unquoted(etag)))
        }
        return (parts, root["IsTruncated"]?.text == "true" ? root["NextPartNumberMarker"]?.text : nil)
    }

    /// Lists the unfinished uploads of names that begin with `prefix`. (MinIO lists only those of one complete name.)
    func openUploads(in bucket: BucketName, prefix: String) async throws -> [S3OpenUpload] {
        var uploads: [S3OpenUpload] = []
        var marker: (key: String, upload: String)?
        repeat {
            var query = [
                (name: "uploads", value: ""), (name: "encoding-type", value: "url"), (name: "prefix", value: prefix),
            ]
            if let marker {
                query += [(name: "key-marker", value: marker.key), (name: "upload-id-marker", value: marker.upload)]
            }
            let page: (uploads: [S3OpenUpload], next: (key: String, upload: String)?)
            do {
                page = try await client.send(
                    S3Request("GET", bucket: bucket, query: query), "The uploads in \(bucket) cannot be listed"
                ) { answer throws(S3Failure) in try Self.uploadsPage(answer) }
            } catch let error as GuardianError where error.code == .notFound {
                return []
            }
            uploads += page.uploads
            guard page.next?.key != marker?.key || page.next?.upload != marker?.upload else { break }
            marker = page.next
        } while marker != nil
        return uploads
    }

    private static func uploadsPage(_ answer: S3Answer) throws(S3Failure) -> (
        uploads: [S3OpenUpload], next: (key: String, upload: String)?
    ) {
        let root = try answer.document(with: "IsTruncated")
        let isEncoded = root["EncodingType"]?.text == "url"
        func decoded(_ text: String?) -> String? { text.flatMap { isEncoded ? URIEncoding.decode($0) : $0 } }
        var uploads: [S3OpenUpload] = []
        for entry in root.all("Upload") {
            guard let name = decoded(entry["Key"]?.text), let id = entry["UploadId"]?.text,
                let initiated = (entry["Initiated"]?.text).flatMap(Timestamp.init(rfc3339:))
            else { throw S3Failure(status: 200, code: S3Failure.badAnswer) }
            uploads.append(S3OpenUpload(name: name, id: id, initiated: initiated))
        }
        guard root["IsTruncated"]?.text == "true", let key = decoded(root["NextKeyMarker"]?.text) else {
            return (uploads, nil)
        }
        return (uploads, (key, root["NextUploadIdMarker"]?.text ?? ""))
    }
}
