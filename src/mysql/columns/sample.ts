import type { ColumnType } from '../../core/table.ts';
import { packedDate } from './calendar.ts';
import { decimalShape } from './decimal-text.ts';
import { describeColumn } from './describe.ts';
import type { ColumnDescription } from './description.ts';
import { sampleGeometry } from './sample-geometry.ts';
import { storageOf } from './storage.ts';
import type { ColumnStorage } from './storage.ts';
