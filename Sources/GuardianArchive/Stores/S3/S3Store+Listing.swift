import GuardianCore

extension S3Store {
    /// Uses ListObjectsV2; the continuation is the server's token.
    public func list(_ bucket: BucketName, prefix: String, continuation: String?, limit: Int) async throws -> ObjectPage
    {
        var query = [
            (name: "list-type", value: "2"), (name: "encoding-type", value: "url"),
            (name: "max-keys", value: "\(min(max(1, limit), 1_000))"), (name: "prefix", value: prefix),
        ]
        if let continuation { query.append((name: "continuation-token", value: continuation)) }
        do {
            return try await client.send(
                S3Request("GET", bucket: bucket, query: query), "The bucket \(bucket) cannot be listed",
                read: Self.page)
        } catch let error as GuardianError where error.code == .notFound {
            return ObjectPage(items: [], next: nil)
        }
    }

    private static func page(_ answer: S3Answer) throws(S3Failure) -> ObjectPage {
        let root = try answer.document(with: "IsTruncated")
        let isEncoded = root["EncodingType"]?.text == "url"
        var items: [ObjectPage.Item] = []
        for entry in root.all("Contents") {
            guard let text = entry["Key"]?.text, let name = isEncoded ? URIEncoding.decode(text) : text,
                let size = (entry["Size"]?.text).flatMap({ Int64($0) }), size >= 0,
                let modified = (entry["LastModified"]?.text).flatMap(Timestamp.init(rfc3339:))
            else { throw S3Failure(status: 200, code: S3Failure.badAnswer) }
            items.append(ObjectPage.Item(name: name, size: size, storedAt: modified))
        }
        guard root["IsTruncated"]?.text == "true" else { return ObjectPage(items: items, next: nil) }
        guard let next = root["NextContinuationToken"]?.text, !next.isEmpty else {
            throw S3Failure(status: 200, code: S3Failure.badAnswer)
        }
        return ObjectPage(items: items, next: next)
    }
}
