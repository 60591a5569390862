internal import Streams
internal import Tar

/// Media types by file name ending and by first bytes: what a recipient opens a file with, and what consent it needs.
enum MediaType {
  static let unknown = "application/octet-stream"

  /// The type of a file that its name says to be `named`. Bytes of a recording or a picture are one, whatever the name,
  /// and a paper or an archive is no text.
  static func of(named: String, beginning: [UInt8]) -> String {
    if isMedia(named) { return named }
    return MediaSignature.type(of: beginning) ?? (isText(named) ? packed(beginning) : nil) ?? named
  }

  private static func packed(_ beginning: [UInt8]) -> String? {
    if beginning.starts(with: "%PDF".utf8) { return "application/pdf" }
    if beginning.starts(with: "{\\rtf".utf8) { return "application/rtf" }
    let isPacked = [Array("PK\u{3}\u{4}".utf8), [0xD0, 0xCF, 0x11, 0xE0]].contains { beginning.starts(with: $0) }
    return isPacked ? unknown : nil
  }

  static func guess(_ path: ArchivePath) -> String {
    let name = path.components.last ?? []
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
    let ending = String(decoding: name[(dot + 1)...], as: UTF8.self).lowercased()
    return byEnding[ending] ?? unknown
  }

  /// Whether a file is a recording or a picture.
  static func isMedia(_ type: String) -> Bool { isRecording(type) || type.lowercased().hasPrefix("image/") }

  /// Whether a file is a recording of sound alone.
  static func isAudio(_ type: String) -> Bool { type.lowercased().hasPrefix("audio/") }

  /// Whether a file is a recording with pictures.
  static func isVideo(_ type: String) -> Bool { type.lowercased().hasPrefix("video/") }

  /// Whether a file is a recording or a picture, or can be one because nothing is known of it that says otherwise.
  static func mayBeMedia(_ type: String) -> Bool {
    let type = type.lowercased()
    return !type.hasPrefix("text/") && !papers.contains(type)
  }

  /// Whether a file is sound or film by its type.
  static func isRecording(_ type: String) -> Bool {
    let type = type.lowercased()
    return ["audio/", "video/"].contains { type.hasPrefix($0) }
  }

  /// Whether a file is text by its type, so that a search for names tells what is in it.
  static func isText(_ type: String) -> Bool {
    type.lowercased().hasPrefix("text/") || ["application/json", "application/xml"].contains(type.lowercased())
  }

  /// Whether a file is text in which nothing can be but letters.
  static func isPlainText(_ type: String) -> Bool {
    let type = type.lowercased()
    return type.hasPrefix("text/") && !["text/html", "text/xml"].contains(type)
  }

  /// Kinds of files that are papers. Archives are not among them: anything can be inside.
  private static let papers: Set<String> = [
    "application/pdf", "application/json", "application/xml", "application/rtf", "message/rfc822",
    "application/msword", "application/vnd.ms-excel", "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ]

  private static let byEnding: [String: String] = {
    var types: [String: String] = [
      "pdf": "application/pdf", "txt": "text/plain", "log": "text/plain", "md": "text/markdown", "csv": "text/csv",
      "html": "text/html", "htm": "text/html", "vcf": "text/vcard", "json": "application/json",
      "xml": "application/xml", "zip": "application/zip", "eml": "message/rfc822", "doc": "application/msword",
      "xls": "application/vnd.ms-excel", "odt": "application/vnd.oasis.opendocument.text",
      "ods": "application/vnd.oasis.opendocument.spreadsheet",
      "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
      "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "rtf": "application/rtf",
    ]
    for (type, endings) in media {
      for ending in endings.split(separator: " ") { types[String(ending)] = type }
    }
    return types
  }()

  private static let media: [(type: String, endings: String)] = [
    ("image/png", "png apng"), ("image/jpeg", "jpg jpeg jpe jfif pjpeg"), ("image/gif", "gif"),
    ("image/bmp", "bmp dib"),
    ("image/heic", "heic heics hif"), ("image/heif", "heif heifs"), ("image/webp", "webp"), ("image/tiff", "tif tiff"),
    ("image/avif", "avif"), ("image/jxl", "jxl"), ("image/jp2", "jp2 j2k jpx jpf j2c jpc"),
    ("image/svg+xml", "svg svgz"),
    ("image/vnd.adobe.photoshop", "psd psb"), ("image/vnd.djvu", "djvu djv"), ("image/x-icon", "ico cur"),
    ("image/x-raw", "cr2 cr3 crw nef nrw dng arw srf sr2 orf rw2 raf pef srw raw x3f"), ("image/x-tga", "tga"),
    ("image/x-portable-anymap", "pbm pgm ppm pnm pam"), ("image/x-xcf", "xcf"), ("image/x-pcx", "pcx"),
    ("image/emf", "emf"), ("image/wmf", "wmf"),
    ("audio/wav", "wav wave rf64 w64"), ("audio/mpeg", "mp3 mp2 mpga"), ("audio/mp4", "m4a m4b m4r"),
    ("audio/aac", "aac adts"),
    ("audio/ogg", "ogg oga opus spx"), ("audio/flac", "flac"), ("audio/amr", "amr awb"),
    ("audio/aiff", "aif aiff aifc"),
    ("audio/x-caf", "caf"), ("audio/x-ms-wma", "wma"), ("audio/basic", "au snd"), ("audio/x-ape", "ape"),
    ("audio/x-wavpack", "wv"), ("audio/x-matroska", "mka"), ("audio/ac3", "ac3"), ("audio/qcelp", "qcp"),
    ("audio/x-voice", "dss ds2 vox gsm dvf msv silk"), ("audio/x-realaudio", "ra ram"),
    ("video/mp4", "mp4 m4v mp4v f4v"), ("video/quicktime", "mov qt"), ("video/webm", "webm"), ("video/ogg", "ogv ogm"),
    ("video/3gpp", "3gp 3gpp"), ("video/3gpp2", "3g2 3gp2"), ("video/x-msvideo", "avi divx"),
    ("video/x-matroska", "mkv mk3d"), ("video/x-ms-wmv", "wmv asf"), ("video/x-flv", "flv"),
    ("video/mpeg", "mpg mpeg mpe m1v m2v vob dat"), ("video/mp2t", "ts mts m2ts m2t tod"), ("video/dv", "dv"),
    ("video/x-realmedia", "rm rmvb"), ("video/h264", "h264 264 hevc h265 265 dav"), ("video/mxf", "mxf"),
  ]
}

/// Passes bytes on, and keeps the first of them.
final class BeginningSink: ByteSink {
  private let sink: any ByteSink
  private(set) var bytes: [UInt8] = []

  init(_ sink: any ByteSink) { self.sink = sink }

  func write(_ bytes: Span<UInt8>) throws {
    let missing = MediaSignature.byteCount - self.bytes.count
    if missing > 0 { self.bytes.append(bytes.extracting(first: min(missing, bytes.count))) }
    try sink.write(bytes)
  }
}
