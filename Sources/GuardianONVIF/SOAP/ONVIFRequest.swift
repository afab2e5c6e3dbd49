/// One question to a service of a camera.
package struct ONVIFRequest: Sendable {
    /// The namespace of the service.
    package var service: String
    /// As the service's WSDL names it; the answer is called the same with `Response` at its end.
    package var operation: String
    /// The XML within the operation's element, where `tt` is ONVIF's schema and the service's namespace is the default one.
    package var content = ""

    /// - Parameter security: the content of the header.
    package func envelope(security: String = "") -> String {
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            + "<s:Envelope xmlns:s=\"\(ONVIFNamespace.envelope)\"><s:Header>\(security)</s:Header><s:Body>"
            + "<\(operation) xmlns=\"\(service)\" xmlns:tt=\"\(ONVIFNamespace.schema)\">\(content)</\(operation)>"
            + "</s:Body></s:Envelope>"
    }

    /// SOAP 1.2's media type with the action (RFC 3902).
    package var contentType: String { "application/soap+xml; charset=utf-8; action=\"\(service)/\(operation)\"" }
}
