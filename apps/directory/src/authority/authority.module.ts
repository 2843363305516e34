import { Module } from '@nestjs/common';
import { Database } from '@signet/persistence';
import { Authorities } from '@signet/service';
import { AuthorityController } from './authority.controller.js';
import { StoredAuthorities } from './stored-authorities.js';

/** What others may administer, for whoever in the directory lets them. */
@Module({
  controllers: [AuthorityController],
  providers: [
    { provide: Authorities, inject: [Database], useFactory: (database: Database) => new StoredAuthorities(database) },
  ],
  exports: [Authorities],
})
export class AuthorityModule {}
