export { csvLine } from './csv-writing.ts';
export { FileRefused, ObjectChanged, ObjectGone } from './file-refused.ts';
export { inspectContent, type ContentFacts } from './inspect-content.ts';
export { rowOfJson } from './json-row.ts';
export { FolderPlace, type FolderPlaceOptions } from './object-place.folder.ts';
export { connectS3, S3Place, type S3PlaceOptions, type S3Settings } from './object-place.s3.ts';
export { optionsSuffix, type Companion, type FoundObject, type ObjectPlace, type Settlement, type Shelf } from './object-place.ts';
export { readRows, type RowSource, type RowsPart } from './read-rows.ts';
