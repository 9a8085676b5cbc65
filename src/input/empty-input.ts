import { type Place, UserError } from '../core/errors.js';

/** A file without any row: an error where the user named it, passed over where a folder or a pattern brought it. */
export class EmptyInput extends UserError {
  constructor(what: string, place: Place) {
    super(what, { place, remedy: 'Export it again, or leave it out.' });
  }
}
