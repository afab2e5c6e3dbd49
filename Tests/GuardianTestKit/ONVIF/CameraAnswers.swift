/// SOAP answers in the shape that cameras send.
package enum CameraAnswers {
    package static func envelope(_ body: String) -> String {
        """
        <?xml version="1.0" encoding="UTF-8"?>
        <SOAP-ENV:Envelope xmlns:SOAP-ENV="http://www.w3.org/2003/05/soap-envelope"
            xmlns:tds="http://www.onvif.org/ver10/device/wsdl" xmlns:trt="http://www.onvif.org/ver10/media/wsdl"
            xmlns:tr2="http://www.onvif.org/ver20/media/wsdl" xmlns:tt="http://www.onvif.org/ver10/schema">
          <SOAP-ENV:Body>\(body)</SOAP-ENV:Body>
        </SOAP-ENV:Envelope>
        """
    }

    package static func fault(_ subcode: String, _ reason: String) -> String {
        envelope(
            "<SOAP-ENV:Fault xmlns:ter='http://www.onvif.org/ver10/error'><SOAP-ENV:Code>"
                + "<SOAP-ENV:Value>SOAP-ENV:Sender</SOAP-ENV:Value><SOAP-ENV:Subcode>"
                + "<SOAP-ENV:Value>\(subcode)</SOAP-ENV:Value></SOAP-ENV:Subcode></SOAP-ENV:Code><SOAP-ENV:Reason>"
                + "<SOAP-ENV:Text xml:lang='en'>\(reason)</SOAP-ENV:Text></SOAP-ENV:Reason></SOAP-ENV:Fault>")
    }

    /// - Parameter time: of 2026-11-26 unless another day is given.
    package static func time(_ time: String, on day: String = "2026-11-26") -> String {
        let (clock, date) = (time.split(separator: ":"), day.split(separator: "-"))
        return envelope(
            "<tds:GetSystemDateAndTimeResponse><tds:SystemDateAndTime><tt:DateTimeType>NTP</tt:DateTimeType>"
                + "<tt:UTCDateTime><tt:Time><tt:Hour>\(clock[0])</tt:Hour><tt:Minute>\(clock[1])</tt:Minute>"
                + "<tt:Second>\(clock[2])</tt:Second></tt:Time><tt:Date><tt:Year>\(date[0])</tt:Year>"
                + "<tt:Month>\(date[1])</tt:Month><tt:Day>\(date[2])</tt:Day></tt:Date></tt:UTCDateTime>"
                + "</tds:SystemDateAndTime></tds:GetSystemDateAndTimeResponse>")
    }

    package static let information = envelope(
        "<tds:GetDeviceInformationResponse><tds:Manufacturer>Acme</tds:Manufacturer><tds:Model>Eye 4</tds:Model>"
            + "<tds:FirmwareVersion>1.2\n</tds:FirmwareVersion><tds:SerialNumber>SN-77</tds:SerialNumber>"
            + "<tds:HardwareId>9</tds:HardwareId></tds:GetDeviceInformationResponse>")

    /// - Parameter media: namespace and address of each media service.
    package static func services(_ media: [(String, String)]) -> String {
        let services = media.map { namespace, address in
            "<tds:Service><tds:Namespace>\(namespace)</tds:Namespace><tds:XAddr>\(address)</tds:XAddr></tds:Service>"
        }
        return envelope("<tds:GetServicesResponse>\(services.joined())</tds:GetServicesResponse>")
    }

    /// A profile of the first media service.
    package static func profile(
        _ token: String, _ codec: String, _ width: Int, _ height: Int, source: String = "V1", rate: Int = 25
    ) -> String {
        let encoder =
            codec.isEmpty
            ? ""
            : "<tt:VideoEncoderConfiguration token='E'><tt:Encoding>\(codec)</tt:Encoding><tt:Resolution>"
                + "<tt:Width>\(width)</tt:Width><tt:Height>\(height)</tt:Height></tt:Resolution><tt:RateControl>"
                + "<tt:FrameRateLimit>\(rate)</tt:FrameRateLimit></tt:RateControl></tt:VideoEncoderConfiguration>"
        return "<trt:Profiles token='\(token)' fixed='true'><tt:Name>\(token)</tt:Name>"
            + "<tt:VideoSourceConfiguration token='C'><tt:SourceToken>\(source)</tt:SourceToken>"
            + "</tt:VideoSourceConfiguration>\(encoder)</trt:Profiles>"
    }

    /// A profile of the second media service.
    package static func profile2(_ token: String, _ codec: String, _ width: Int, _ height: Int, source: String = "V1")
        -> String
    {
        "<tr2:Profiles token='\(token)'><tr2:Name>\(token)</tr2:Name><tr2:Configurations><tr2:VideoSource token='C'>"
            + "<tt:SourceToken>\(source)</tt:SourceToken></tr2:VideoSource><tr2:VideoEncoder token='E'>"
            + "<tt:Encoding>\(codec)</tt:Encoding><tt:Resolution><tt:Width>\(width)</tt:Width>"
            + "<tt:Height>\(height)</tt:Height></tt:Resolution><tt:RateControl><tt:FrameRateLimit>12.5"
            + "</tt:FrameRateLimit></tt:RateControl></tr2:VideoEncoder></tr2:Configurations></tr2:Profiles>"
    }

    package static func profiles(_ profiles: [String], _ prefix: String = "trt") -> String {
        envelope("<\(prefix):GetProfilesResponse>\(profiles.joined())</\(prefix):GetProfilesResponse>")
    }

    package static func uri(_ operation: String, _ uri: String) -> String {
        envelope(
            "<trt:\(operation)Response><trt:MediaUri><tt:Uri>\(uri)</tt:Uri></trt:MediaUri></trt:\(operation)Response>")
    }

    package static func uri2(_ operation: String, _ uri: String) -> String {
        envelope("<tr2:\(operation)Response><tr2:Uri>\(uri)</tr2:Uri></tr2:\(operation)Response>")
    }
}
